package dev.backgroundjobs.sample.imports;

import java.nio.file.Path;

import dev.backgroundjobs.sample.document.PaperworkProperties;

import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.NoneNestedConditions;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

/**
 * Keeps the database with the documents unless {@code spring.datasource.url} says where
 * it is.
 */
@Configuration(proxyBeanMethods = false)
@Conditional(DatabaseConfiguration.NoUrl.class)
class DatabaseConfiguration {

	@Bean
	JdbcConnectionDetails databaseInTheStorage(PaperworkProperties properties) {
		Path file = properties.storage().toAbsolutePath().normalize().resolve("paperwork");
		return new JdbcConnectionDetails() {

			@Override
			public String getJdbcUrl() {
				// H2's own shutdown hook would close the database under the jobs that are
				// still stopping.
				return "jdbc:h2:file:" + file + ";DB_CLOSE_ON_EXIT=FALSE";
			}

			@Override
			public String getUsername() {
				return "sa";
			}

			@Override
			public String getPassword() {
				return "";
			}

		};
	}

	static class NoUrl extends NoneNestedConditions {

		NoUrl() {
			super(ConfigurationPhase.REGISTER_BEAN);
		}

		@ConditionalOnProperty("spring.datasource.url")
		static class HasUrl {

		}

	}

}
