package dev.backgroundjobs.docs;

import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/**
 * What only a server does when it starts.
 */
@Component
@Profile("!jobs-run-once")
class CacheFiller implements ApplicationRunner {

	@Override
	public void run(ApplicationArguments args) {
		// What a server fills before it takes requests.
	}

}
