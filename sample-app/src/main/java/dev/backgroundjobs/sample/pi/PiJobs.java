package dev.backgroundjobs.sample.pi;

import java.util.UUID;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.JobContext;
import dev.backgroundjobs.adapter.kubernetes.KubernetesJob;

import org.springframework.stereotype.Component;

/**
 * The background job that computes pi: in a container that is not ours where its queue is
 * on Kubernetes, in Java everywhere else.
 */
@Component
class PiJobs {

	static final String NAME = "pi.compute";

	static final String QUEUE = "heavy";

	private final PiStore store;

	PiJobs(PiStore store) {
		this.store = store;
	}

	/**
	 * Compute pi. Never called where the container runs: what it prints is the result.
	 * @param digits how many digits, the 3 among them
	 */
	@BackgroundJob(name = NAME, queue = QUEUE, timeout = "10m")
	@KubernetesJob(image = "perl:5.34", command = { "perl", "-Mbignum=bpi", "-wle", "print bpi({digits})" })
	void compute(int digits) {
		UUID id = UUID.fromString(JobContext.current().id());
		this.store.running(id);
		this.store.done(id, PiDigits.of(digits));
	}

}
