package dev.backgroundjobs.autoconfigure;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import dev.backgroundjobs.autoconfigure.JobsProperties.Queue;
import dev.backgroundjobs.backend.DeadLetterBackend;
import dev.backgroundjobs.backend.JobBackend;
import dev.backgroundjobs.definition.JobDefinition;
import dev.backgroundjobs.delivery.ProcessorSettings.LogDeadMessage;
import dev.backgroundjobs.delivery.ProcessorSettings.SigningRequired;
import dev.backgroundjobs.dispatch.QueueRouter;
import dev.backgroundjobs.dispatch.QueueRouter.Route;
import dev.backgroundjobs.message.JobMessageCodec;
import dev.backgroundjobs.message.MessageNames;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * What is checked of the environment when the application starts, all at once, and the
 * line that says what is configured.
 */
final class JobsStartCheck {

	private static final Logger logger = LoggerFactory.getLogger(JobsStartCheck.class);

	private final Environment environment;

	private final JobsProperties properties;

	private final DeclaredJobs jobs;

	private final QueueRouter router;

	private final JobMessageCodec codec;

	private final @Nullable DeliveryPath endpoint;

	private final boolean hasAuthenticators;

	private final List<StartProblems> adapters;

	JobsStartCheck(JobsProperties properties, DeclaredJobs jobs, QueueRouter router, JobMessageCodec codec,
			@Nullable DeliveryPath endpoint, boolean hasAuthenticators, List<StartProblems> adapters,
			Environment environment) {
		this.environment = environment;
		this.properties = properties;
		this.jobs = jobs;
		this.router = router;
		this.codec = codec;
		this.endpoint = endpoint;
		this.hasAuthenticators = hasAuthenticators;
		this.adapters = List.copyOf(adapters);
	}

	void check() {
		// Reads the keys, which an image build does not have.
		boolean acceptsSignatures = this.codec.acceptsSignatures();
		List<String> problems = new ArrayList<>();
		Collection<JobDefinition> declared = this.jobs.get().all();
		Set<String> queues = new TreeSet<>();
		// Loops, since a lambda that first runs after the refresh is in no AOT cache.
		for (JobDefinition job : declared) {
			queues.add(job.queue());
		}
		Set<String> known = new TreeSet<>(queues);
		for (Queue settings : this.properties.queues().values()) {
			if (settings.deadLetter() != null) {
				known.add(settings.deadLetter());
			}
		}
		for (Map.Entry<String, String> key : queueKeys().entrySet()) {
			warnOfUnknownKey(key.getKey(), key.getValue(), known);
		}
		checkRuns("jobs.backend", this.router.defaultBackend(), problems);
		for (Map.Entry<String, Queue> queue : this.properties.queues().entrySet()) {
			checkQueue(queue.getKey(), queue.getValue(), problems);
		}
		if (this.endpoint != null && !this.endpoint.isValid()) {
			problems.add("Property 'jobs.endpoint.path' is '" + this.endpoint.value()
					+ "': give one path that starts with a slash and does not end with one, such as /_jobs");
		}
		if (this.properties.endpoint().batchConcurrency() < 1) {
			problems.add("Property 'jobs.endpoint.batch-concurrency' is "
					+ this.properties.endpoint().batchConcurrency() + ": give 1 or more");
		}
		if (this.properties.signing().required() != SigningRequired.FALSE && !acceptsSignatures) {
			problems.add("Property 'jobs.signing.required' is set and there is no key: add one under "
					+ "'jobs.signing.keys' and name it in 'jobs.signing.key-id'");
		}
		else if (this.properties.signing().required() == SigningRequired.TRUE && !this.codec.signs()
				&& !this.router.defaultBackend().capabilities().durable()) {
			problems
				.add("Property 'jobs.signing.required' is true and nothing is signed here, so that this application "
						+ "would refuse its own jobs: name a key in 'jobs.signing.key-id'");
		}
		problems.addAll(new JobRouteCheck(this.router).problems(declared));
		for (StartProblems adapter : this.adapters) {
			problems.addAll(adapter.find());
		}
		if (!problems.isEmpty()) {
			throw new InvalidJobsConfigurationException(problems);
		}
		for (String queue : queues) {
			warnOfQueue(queue);
		}
		if (this.endpoint != null && !this.hasAuthenticators && !hasWorker() && !this.jobs.get().onEvents().isEmpty()) {
			logger.warn("Events start jobs here, and no event gets in: a signature does not vouch for events. Set "
					+ "'jobs.google-oidc.audience' and 'jobs.google-oidc.emails', or declare a DeliveryAuthenticator");
		}
		logger.info("Jobs on backend '{}': {} jobs, queues {}, {}{}{}", this.router.defaultBackend().name(),
				declared.size(), withBackends(queues), describeEndpoint(),
				hasWorker() ? ", workers of " + workers() : "",
				(acceptsSignatures && !this.codec.signs()) ? ", signing nothing (no 'jobs.signing.key-id')" : "");
	}

	// A backend's worker brings events of its queues, past the endpoint.
	private boolean hasWorker() {
		return !workers().isEmpty();
	}

	private Set<String> workers() {
		Set<String> workers = new TreeSet<>();
		for (String backend : settings().keySet()) {
			if (this.environment.getProperty("jobs." + backend + ".worker.enabled", Boolean.class, false)) {
				workers.add(backend);
			}
		}
		return workers;
	}

	private Map<String, Object> settings() {
		return Binder.get(this.environment).bind("jobs", Bindable.mapOf(String.class, Object.class)).orElse(Map.of());
	}

	// Queues have settings under 'jobs.queues' and under every backend's 'queues'.
	private Map<String, String> queueKeys() {
		Map<String, String> keys = new TreeMap<>();
		for (Map.Entry<String, Object> property : settings().entrySet()) {
			String name = property.getKey();
			Object queues = name.equals("queues") ? property.getValue()
					: (property.getValue() instanceof Map<?, ?> backend) ? backend.get("queues") : null;
			if (queues instanceof Map<?, ?> map) {
				String prefix = name.equals("queues") ? "jobs.queues." : "jobs." + name + ".queues.";
				map.keySet().forEach((queue) -> keys.put(prefix + queue, String.valueOf(queue)));
			}
		}
		return keys;
	}

	private static void warnOfUnknownKey(String property, String queue, Set<String> used) {
		if (used.stream().noneMatch((known) -> same(known, queue))) {
			String nearest = MessageNames.nearest(queue, used);
			logger.warn("Property '{}' names a queue that no job here declares{}", property,
					(nearest != null) ? ": did you mean '" + nearest + "'?" : "");
		}
	}

	private void checkQueue(String queue, Queue settings, List<String> problems) {
		String deadLetter = settings.deadLetter();
		if (deadLetter != null && !MessageNames.isQueue(deadLetter)) {
			problems.add("Property 'jobs.queues." + queue + ".dead-letter' is '" + deadLetter
					+ "', which is not the name of a queue: lower-case letters, digits and single dashes, starting with "
					+ "a letter, at most 40 characters");
		}
		else if (deadLetter != null && (same(deadLetter, queue) || isDeclared(deadLetter))) {
			problems.add("Property 'jobs.queues." + queue + ".dead-letter' is '" + deadLetter
					+ "', whose jobs are run here: dead jobs would run again for ever. Name a queue of its own");
		}
		else if (deadLetter != null && !this.router.route(deadLetter).capabilities().holdsDeadLetters()) {
			JobBackend backend = this.router.route(deadLetter).backend();
			problems.add("Property 'jobs.queues." + queue + ".dead-letter' is '" + deadLetter + "', whose backend '"
					+ backend.name() + "' runs whatever it is given: set 'jobs.queues." + deadLetter
					+ ".backend' to a backend that can hold messages, or remove it and watch for DeadJobEvent");
		}
		Route route = this.router.route(queue);
		if (settings.backend() != null) {
			checkRuns("jobs.queues." + queue + ".backend", route.backend(), problems);
		}
		if (route.delayBackend() != null && route.delayBackend().capabilities().maxDelay().isZero()) {
			problems.add("Property 'jobs.queues." + queue + ".delay-backend' is '" + route.delayBackend().name()
					+ "', which cannot delay: name a backend that can");
		}
		else if (route.delayBackend() != null && route.capabilities().durable() && !route.isDurable()) {
			problems.add("Property 'jobs.queues." + queue + ".delay-backend' is '" + route.delayBackend().name()
					+ "', which forgets messages that '" + route.backend().name()
					+ "' would keep: name one that keeps them outside the process");
		}
	}

	private static void checkRuns(String property, JobBackend backend, List<String> problems) {
		if (backend.capabilities().delaysOnly()) {
			problems.add("Property '" + property + "' is '" + backend.name() + "', which only holds messages until "
					+ "their time: name it in 'jobs.queues.<queue>.delay-backend', and here a backend that runs jobs");
		}
	}

	private boolean isDeclared(String queue) {
		return this.jobs.get().all().stream().anyMatch((job) -> same(job.queue(), queue));
	}

	private void warnOfQueue(String queue) {
		Route route = this.router.route(queue);
		if (!route.canDelay() && !route.isOrdered()) {
			logger.warn("Queue '{}' cannot delay: failed attempts and slices of iterations follow at once, those "
					+ "that a throttle puts off too. Set " + "'jobs.queues.{}.delay-backend' to a backend that can",
					queue, queue);
		}
		// What a platform keeps on its own is known to its backend once that has asked.
		boolean mayKeep = route.deadLetter() != null || route.backend() instanceof DeadLetterBackend;
		if (route.capabilities().durable() && !mayKeep && !logsDeadMessages()) {
			logger.warn("Dead jobs of queue '{}' are kept nowhere: set 'jobs.queues.{}.dead-letter' to a queue that "
					+ "keeps them, or 'jobs.dead-letter.log-message=always'", queue, queue);
		}
	}

	private boolean logsDeadMessages() {
		LogDeadMessage when = this.properties.deadLetter().logMessage();
		return when == LogDeadMessage.ALWAYS || (when == LogDeadMessage.ENCRYPTED && this.codec.encrypts());
	}

	private Set<String> withBackends(Set<String> queues) {
		Set<String> described = new TreeSet<>();
		for (String queue : queues) {
			JobBackend backend = this.router.route(queue).backend();
			described.add((backend == this.router.defaultBackend()) ? queue : queue + " on " + backend.name());
		}
		return described;
	}

	private String describeEndpoint() {
		if (this.endpoint == null) {
			return "no endpoint";
		}
		List<String> accepted = new ArrayList<>();
		if (this.hasAuthenticators) {
			accepted.add("callers that a DeliveryAuthenticator accepts");
		}
		if (this.codec.acceptsSignatures()) {
			accepted.add("messages signed with a key of 'jobs.signing.keys'");
		}
		return "endpoint POST " + this.endpoint.value() + " for " + (accepted.isEmpty()
				? "nobody (no DeliveryAuthenticator, no key in 'jobs.signing.keys')" : String.join(" and ", accepted));
	}

	private static boolean same(String queue, String key) {
		return MessageNames.withoutDashes(queue).equals(MessageNames.withoutDashes(key));
	}

}
