package dev.backgroundjobs.sample.web;

import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import org.springframework.http.MediaType;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter.SseEventBuilder;

/**
 * One browser that listens. Whoever sends to it never waits: what it has not read yet is
 * queued, and when that gets too much it is cut off. It comes back and reads the list.
 */
class EventSubscriber {

	private static final int MAX_WAITING = 500;

	private final SseEmitter emitter;

	private final Executor executor;

	private final BlockingQueue<SseEventBuilder> waiting = new ArrayBlockingQueue<>(MAX_WAITING);

	private final AtomicBoolean sending = new AtomicBoolean();

	private final Consumer<EventSubscriber> whenGone;

	EventSubscriber(SseEmitter emitter, Executor executor, Consumer<EventSubscriber> whenGone) {
		this.emitter = emitter;
		this.executor = executor;
		this.whenGone = whenGone;
		emitter.onCompletion(() -> whenGone.accept(this));
	}

	void send(String name, Object event) {
		offer(SseEmitter.event().name(name).data(event, MediaType.APPLICATION_JSON));
	}

	void ping() {
		offer(SseEmitter.event().comment("ping"));
	}

	void close() {
		this.whenGone.accept(this);
		try {
			// Completing waits for a write under way, the caller must not.
			this.executor.execute(this.emitter::complete);
		}
		catch (RejectedExecutionException ex) {
			this.emitter.complete();
		}
	}

	private void offer(SseEventBuilder event) {
		if (this.waiting.offer(event)) {
			startSending();
		}
		else {
			close();
		}
	}

	private void startSending() {
		if (this.sending.compareAndSet(false, true)) {
			try {
				this.executor.execute(this::sendWaiting);
			}
			catch (RejectedExecutionException ex) {
				close();
			}
		}
	}

	private void sendWaiting() {
		try {
			for (SseEventBuilder event = this.waiting.poll(); event != null; event = this.waiting.poll()) {
				this.emitter.send(event);
			}
		}
		catch (IOException | IllegalStateException ex) {
			this.whenGone.accept(this);
			this.emitter.completeWithError(ex);
			return;
		}
		this.sending.set(false);
		if (!this.waiting.isEmpty()) {
			startSending();
		}
	}

}
