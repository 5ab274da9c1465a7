package dev.backgroundjobs.adapter.runonce;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import org.springframework.aot.AotDetector;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.bootstrap.BootstrapRegistry.InstanceSupplier;
import org.springframework.boot.bootstrap.ConfigurableBootstrapContext;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.boot.env.DefaultPropertiesPropertySource;
import org.springframework.core.NativeDetector;
import org.springframework.core.Ordered;
import org.springframework.core.SpringProperties;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.util.StringUtils;

/**
 * Finds out that this process was started for one message, and has the application start
 * for nothing else: no web server, beans when they are needed, profile
 * {@value RunOnce#PROFILE}.
 */
final class RunOnceEnvironmentPostProcessor implements EnvironmentPostProcessor, Ordered {

	// Before the files are read, some of which are for the profile.
	private static final int ORDER = ConfigDataEnvironmentPostProcessor.ORDER - 1;

	private static final String WEB_APPLICATION_TYPE = "spring.main.web-application-type";

	private final ConfigurableBootstrapContext bootstrap;

	RunOnceEnvironmentPostProcessor(ConfigurableBootstrapContext bootstrap) {
		this.bootstrap = bootstrap;
	}

	@Override
	public int getOrder() {
		return ORDER;
	}

	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		RunOnceProperties properties = new RunOnceProperties(environment);
		RunOnceRequest request = properties.request();
		if (request == null) {
			return;
		}
		properties.hide(application);
		leaveOutGeneratedCode(properties.raw(WEB_APPLICATION_TYPE), application);
		activateProfile(environment, properties.raw("spring.profiles.active"));
		boolean printsOnly = request instanceof RunOnceRequest.Manifest;
		environment.getPropertySources().addFirst(new MapPropertySource("jobsRunOnce", fixed(printsOnly)));
		DefaultPropertiesPropertySource.addOrMerge(Map.of("spring.main.lazy-initialization", "true"),
				environment.getPropertySources());
		this.bootstrap.registerIfAbsent(RunOnceRequest.class, InstanceSupplier.of(request));
		this.bootstrap.registerIfAbsent(RunOnceProcess.class, InstanceSupplier.of(RunOnceExit.INSTANCE));
		Objects.requireNonNull(this.bootstrap.get(RunOnceProcess.class)).start(printsOnly);
	}

	// What Spring AOT generates of a web application has its beans, which cannot be
	// without a server. The same jar starts without. One that was processed without a web
	// server is started with the same property.
	private static void leaveOutGeneratedCode(@Nullable String webApplicationType, SpringApplication application) {
		boolean isWeb = !"none".equalsIgnoreCase(webApplicationType)
				&& application.getWebApplicationType() != WebApplicationType.NONE;
		if (isWeb && AotDetector.useGeneratedArtifacts() && !NativeDetector.inNativeImage()) {
			SpringProperties.setProperty(AotDetector.AOT_ENABLED, "false");
		}
	}

	// After those of variables and arguments, so that its files win over theirs.
	private static void activateProfile(ConfigurableEnvironment environment, @Nullable String active) {
		// One that the files are to resolve is for Spring Boot.
		if (active != null && !active.contains("${")) {
			for (String profile : StringUtils.tokenizeToStringArray(active, ",")) {
				environment.addActiveProfile(profile);
			}
		}
		environment.addActiveProfile(RunOnce.PROFILE);
	}

	private static Map<String, Object> fixed(boolean printsOnly) {
		Map<String, @Nullable Object> fixed = new LinkedHashMap<>();
		fixed.put(WEB_APPLICATION_TYPE, "none");
		// Stops the job where the process is to end.
		fixed.put("spring.main.register-shutdown-hook", "true");
		if (printsOnly) {
			fixed.put("spring.main.banner-mode", "off");
			fixed.put("logging.threshold.console", "error");
		}
		return fixed;
	}

}
