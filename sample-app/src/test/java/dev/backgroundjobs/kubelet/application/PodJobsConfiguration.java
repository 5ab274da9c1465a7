package dev.backgroundjobs.kubelet.application;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * Added to the sample application with {@code spring.main.sources}.
 */
@Configuration(proxyBeanMethods = false)
@Import({ PodJobs.class, PodRuns.class, PodJobsController.class })
class PodJobsConfiguration {

}
