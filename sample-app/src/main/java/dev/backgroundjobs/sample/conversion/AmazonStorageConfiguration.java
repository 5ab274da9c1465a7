package dev.backgroundjobs.sample.conversion;

import dev.backgroundjobs.StorageObject;
import software.amazon.awssdk.services.s3.S3Client;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ResourceLoaderAware;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Profile;
import org.springframework.core.io.DefaultResourceLoader;

/**
 * Makes objects of Amazon S3 resources, {@code s3://bucket/key}. The client is created,
 * and region and credentials are looked for, when the first of them is asked for.
 */
@Configuration(proxyBeanMethods = false)
@Profile("aws")
class AmazonStorageConfiguration {

	@Bean
	Buckets amazonBuckets() {
		return new Buckets(StorageObject.AMAZON);
	}

	@Bean
	@Lazy
	S3Client amazonStorage() {
		return S3Client.create();
	}

	@Bean
	ResourceLoaderAware amazonResources(ObjectProvider<S3Client> client) {
		return (resources) -> ((DefaultResourceLoader) resources).addProtocolResolver((location,
				loader) -> AmazonObject.isLocation(location) ? AmazonObject.of(location, client.getObject()) : null);
	}

}
