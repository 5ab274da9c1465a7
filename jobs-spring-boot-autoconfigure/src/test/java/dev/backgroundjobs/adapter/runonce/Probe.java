package dev.backgroundjobs.adapter.runonce;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.DiscardJobException;

/**
 * Jobs that write down what they got.
 */
class Probe {

	static final String ID = "01890a5d-ac96-774b-bcce-b302099a8057";

	final List<String> said = new CopyOnWriteArrayList<>();

	@BackgroundJob(queue = "probes")
	void say(String text) {
		this.said.add(text);
	}

	@BackgroundJob(queue = "probes")
	void fail() {
		throw new IllegalStateException("on purpose");
	}

	@BackgroundJob(queue = "probes", maxAttempts = "1")
	void die() {
		throw new IllegalStateException("on purpose");
	}

	@BackgroundJob(queue = "probes")
	void discard() {
		throw new DiscardJobException("on purpose");
	}

	static String message(String job, String args) {
		return "{\"v\":1,\"id\":\"" + ID + "\",\"seq\":0,\"job\":\"" + job + "\",\"queue\":\"probes\",\"args\":" + args
				+ ",\"attempt\":1,\"enqueuedAt\":\"2026-01-02T03:04:05.678Z\"}";
	}

}
