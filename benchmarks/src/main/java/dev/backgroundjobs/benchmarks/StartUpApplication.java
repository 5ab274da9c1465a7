package dev.backgroundjobs.benchmarks;

import java.time.Duration;
import java.util.List;

import dev.backgroundjobs.BackgroundJob;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * A web application with ten jobs, that says what its start has cost. Without the library
 * on the class path, where annotations of it mean nothing, it is the bare application.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({ StartUpApplication.A.class, StartUpApplication.B.class, StartUpApplication.C.class,
		StartUpApplication.D.class, StartUpApplication.E.class })
public class StartUpApplication implements ApplicationListener<ApplicationReadyEvent> {

	static final String READY = "ready after CPU ms ";

	/**
	 * Start the application.
	 * @param args properties
	 */
	public static void main(String[] args) {
		SpringApplication.run(StartUpApplication.class, args);
	}

	@Override
	public void onApplicationEvent(ApplicationReadyEvent event) {
		Duration cpu = ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
		System.out.println(READY + cpu.toMillis());
	}

	record Line(String product, int quantity) {
	}

	record Order(String id, List<Line> lines) {
	}

	record Mail(String to, String text) {
	}

	static class A {

		@BackgroundJob(queue = "orders", maxAttempts = "3", timeout = "1m")
		void place(Order order) {
		}

		@BackgroundJob(queue = "mails")
		void confirm(Mail mail) {
		}

	}

	static class B {

		@BackgroundJob(queue = "orders")
		void ship(Order order) {
		}

		@BackgroundJob(queue = "mails")
		void tell(Mail mail) {
		}

	}

	static class C {

		@BackgroundJob(queue = "orders")
		void bill(Order order) {
		}

		@BackgroundJob(queue = "mails")
		void remind(Mail mail) {
		}

	}

	static class D {

		@BackgroundJob(queue = "orders")
		void cancel(Order order) {
		}

		@BackgroundJob(queue = "mails")
		void regret(Mail mail) {
		}

	}

	static class E {

		@BackgroundJob
		void count(String day) {
		}

		@BackgroundJob(queue = "maintenance")
		void clean() {
		}

	}

}
