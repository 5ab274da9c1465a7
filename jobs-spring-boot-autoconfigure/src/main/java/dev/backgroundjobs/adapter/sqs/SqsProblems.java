package dev.backgroundjobs.adapter.sqs;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.backgroundjobs.adapter.sqs.SqsJobProperties.Queue;
import dev.backgroundjobs.adapter.sqs.SqsJobProperties.Worker;
import dev.backgroundjobs.autoconfigure.BackendJobs;
import dev.backgroundjobs.autoconfigure.StartProblems;

/**
 * What would keep messages from being sent or received, as far as properties tell it: SQS
 * is not asked.
 */
final class SqsProblems implements StartProblems {

	// SQS's own rule: up to 80 characters, the ending included.
	private static final Pattern NAME = Pattern.compile("(?=.{1,80}$)[A-Za-z0-9_-]+(\\.fifo)?");

	// In front of the dot of a legacy address stands the region, too.
	private static final Pattern AWS_HOST = Pattern
		.compile("(?:sqs(?:-fips)?\\.([a-z0-9-]+)|([a-z0-9-]+)\\.queue)\\.amazonaws\\.com(?:\\.cn)?");

	// SQS keeps a message from others for 12 h at most.
	private static final Duration MAX_VISIBILITY = Duration.ofHours(12);

	private static final Duration MIN_VISIBILITY = Duration.ofSeconds(10);

	// SQS allows 0 s to 20 s.
	private static final Duration MAX_WAIT_TIME = Duration.ofSeconds(20);

	private final SqsJobProperties properties;

	private final BackendJobs jobs;

	SqsProblems(SqsJobProperties properties, BackendJobs jobs) {
		this.properties = properties;
		this.jobs = jobs;
	}

	@Override
	public List<String> find() {
		Set<String> problems = new LinkedHashSet<>();
		URI endpoint = this.properties.endpoint();
		if (endpoint != null && !isHttp(endpoint)) {
			problems.add("Property 'jobs.sqs.endpoint' is '" + endpoint
					+ "', which is no address: give one such as http://localhost:9324");
		}
		checkLimits(problems);
		this.properties.queues().forEach((queue, settings) -> checkQueue(queue, settings, problems));
		checkTimeouts(problems);
		return new ArrayList<>(problems);
	}

	private void checkLimits(Set<String> problems) {
		Worker worker = this.properties.worker();
		within("wait-time", worker.waitTime(), Duration.ZERO, MAX_WAIT_TIME, problems);
		within("visibility-timeout", worker.visibilityTimeout(), MIN_VISIBILITY, MAX_VISIBILITY, problems);
		within("max-lease", worker.maxLease(), MIN_VISIBILITY, MAX_VISIBILITY, problems);
		within("release-delay", worker.releaseDelay(), Duration.ZERO, MAX_VISIBILITY, problems);
		Map<String, Integer> concurrency = new TreeMap<>();
		concurrency.put("worker.concurrency", worker.concurrency());
		this.properties.queues().forEach((queue, settings) -> {
			if (settings.concurrency() != null) {
				concurrency.put("queues." + queue + ".concurrency", settings.concurrency());
			}
		});
		concurrency.forEach((property, value) -> {
			if (value < 1) {
				problems.add("Property 'jobs.sqs." + property + "' is " + value + ": give 1 or more");
			}
		});
	}

	private static void within(String property, Duration value, Duration min, Duration max, Set<String> problems) {
		if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
			problems.add("Property 'jobs.sqs.worker." + property + "' is " + value + ": give " + min.toSeconds()
					+ "s to " + max.toSeconds() + "s");
		}
	}

	private void checkQueue(String queue, Queue settings, Set<String> problems) {
		String property = "Property 'jobs.sqs.queues." + queue;
		if (settings.name() != null && !NAME.matcher(settings.name()).matches()) {
			problems
				.add(property + ".name' is '" + settings.name() + "', which is no name of SQS: give 1 to 80 letters, "
						+ "digits, dashes and underscores; those of a FIFO queue end with .fifo");
		}
		URI url = settings.url();
		if (url == null) {
			return;
		}
		if (!isQueueUrl(url)) {
			problems.add(property + ".url' is '" + url + "', which is no address of a queue: give one such as "
					+ "https://sqs.eu-west-1.amazonaws.com/123456789012/" + queue);
			return;
		}
		Matcher host = AWS_HOST.matcher(url.getHost());
		String region = this.properties.region();
		if (region != null && this.properties.endpoint() == null && host.matches()) {
			String other = (host.group(1) != null) ? host.group(1) : host.group(2);
			if (!other.equals(region)) {
				problems.add(property + ".url' is '" + url + "', of region '" + other + "', and 'jobs.sqs.region' is '"
						+ region + "': queues of one application are in one region");
			}
		}
	}

	private static boolean isQueueUrl(URI url) {
		String path = url.getPath();
		return isHttp(url) && path != null && NAME.matcher(path.substring(path.lastIndexOf('/') + 1)).matches();
	}

	private static boolean isHttp(URI url) {
		return ("https".equals(url.getScheme()) || "http".equals(url.getScheme())) && url.getHost() != null;
	}

	private void checkTimeouts(Set<String> problems) {
		Worker worker = this.properties.worker();
		if (!worker.enabled()) {
			return;
		}
		this.jobs.on(SqsJobBackend.NAME).forEach((job) -> {
			Duration timeout = job.timeout();
			if (timeout != null && timeout.compareTo(worker.maxLease()) >= 0) {
				problems.add("Job '" + job.name() + "' has a timeout of " + timeout
						+ ", the worker keeps a message for " + worker.maxLease()
						+ ": raise 'jobs.sqs.worker.max-lease' above it, 12 h at most, or return an Iteration, which may "
						+ "take as long as it likes in slices");
			}
		});
	}

}
