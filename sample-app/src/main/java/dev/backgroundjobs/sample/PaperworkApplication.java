package dev.backgroundjobs.sample;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.scheduling.annotation.EnableScheduling;

/**
 * Turns Word documents into PDF files and CSV files into rows of a database, each by a
 * background job.
 */
@SpringBootApplication
@ConfigurationPropertiesScan
@EnableScheduling
class PaperworkApplication {

	public static void main(String[] args) {
		SpringApplication.run(PaperworkApplication.class, args);
	}

}
