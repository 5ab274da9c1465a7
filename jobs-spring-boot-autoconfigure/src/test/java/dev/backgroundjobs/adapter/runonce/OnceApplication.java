package dev.backgroundjobs.adapter.runonce;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.backend.BackendCapabilities;
import dev.backgroundjobs.backend.JobBackend;
import dev.backgroundjobs.iteration.Iteration;
import dev.backgroundjobs.iteration.Sources;
import dev.backgroundjobs.message.JobMessage;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;

/**
 * An application whose jobs print what happens to them, for processes of their own.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class OnceApplication {

	public static void main(String[] args) {
		if (Boolean.getBoolean("test.leaves-a-thread")) {
			leaveAThread();
		}
		SpringApplication.run(OnceApplication.class, args);
	}

	@Bean
	Jobs jobs() {
		return new Jobs();
	}

	@Bean
	JobBackend printer() {
		return new PrintingJobBackend();
	}

	@Bean
	ManifestPrinter manifests() {
		return new ManifestPrinter() {

			@Override
			public String backend() {
				return "printer";
			}

			@Override
			public String manifest(JobMessage message) {
				return "kind: Job # " + message.args() + "\n";
			}

		};
	}

	static void print(String line) {
		System.out.println(line);
	}

	private static void leaveAThread() {
		Thread thread = new Thread(() -> {
			while (true) {
				try {
					new CountDownLatch(1).await();
				}
				catch (InterruptedException ex) {
					print("still there");
				}
			}
		});
		thread.setDaemon(false);
		thread.start();
	}

	static class Jobs {

		@BackgroundJob(queue = "probes")
		void say(String text) {
			print("said " + HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8)));
		}

		@BackgroundJob(queue = "probes")
		void fail() {
			throw new IllegalStateException("on purpose");
		}

		@BackgroundJob(queue = "probes")
		void sleep() throws InterruptedException {
			print("sleeping");
			new CountDownLatch(1).await();
		}

		@BackgroundJob(queue = "probes")
		void hang() {
			print("hanging");
			while (true) {
				try {
					new CountDownLatch(1).await();
				}
				catch (InterruptedException ex) {
					print("interrupted in vain");
				}
			}
		}

		@BackgroundJob(queue = "probes")
		Iteration<Integer> walk() {
			return Iteration.over(Sources.list(IntStream.range(0, 100_000).boxed().toList())).each((item) -> {
				print("item " + item);
				Thread.sleep(50);
			});
		}

		@BackgroundJob(queue = "probes")
		void exit() {
			System.exit(0);
		}

		@BackgroundJob(queue = "probes")
		void leaveAThread() {
			OnceApplication.leaveAThread();
		}

		@BackgroundJob(queue = "probes")
		void leaveAHook() {
			Runtime.getRuntime().addShutdownHook(new Thread(() -> {
				try {
					Thread.sleep(2000);
					print("hook ended");
				}
				catch (InterruptedException ex) {
					print("hook interrupted");
				}
			}));
		}

		@EventListener
		void ready(ApplicationReadyEvent event) {
			print("ready " + event.getApplicationContext().getClass().getSimpleName());
		}

		@EventListener
		void closed(ContextClosedEvent event) throws InterruptedException {
			print("closing");
			if (Boolean.getBoolean("test.closes-slowly")) {
				Thread.sleep(2000);
			}
		}

	}

	/**
	 * A backend that prints what it is given.
	 */
	static class PrintingJobBackend implements JobBackend, AutoCloseable {

		@Override
		public String name() {
			return "printer";
		}

		@Override
		public String enqueue(JobMessage message) {
			if (Boolean.getBoolean("test.unreachable")) {
				throw new IllegalStateException("unreachable");
			}
			print("sent " + message.deliveryKey() + " attempt " + message.attempt() + " interruptions "
					+ message.interruptions() + " iteration " + message.iteration());
			return "1";
		}

		@Override
		public String enqueueAt(JobMessage message, Instant time) {
			return enqueue(message);
		}

		@Override
		public BackendCapabilities capabilities() {
			return BackendCapabilities.none().withDurable().withMaxDelay(BackendCapabilities.UNLIMITED);
		}

		@Override
		public void close() {
			print("backend closed");
		}

	}

}
