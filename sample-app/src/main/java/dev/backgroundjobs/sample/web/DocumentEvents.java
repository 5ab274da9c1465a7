package dev.backgroundjobs.sample.web;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import dev.backgroundjobs.sample.document.DocumentChangedEvent;
import dev.backgroundjobs.sample.imports.ImportChangedEvent;

import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.EventListener;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Pushes every change of a document or an import to the browsers that listen.
 */
@RestController
class DocumentEvents implements SmartLifecycle {

	private static final int MAX_SUBSCRIBERS = 200;

	private final Set<EventSubscriber> subscribers = ConcurrentHashMap.newKeySet();

	// At most one thread for each subscriber, and only while something is sent to it.
	private final ExecutorService senders = new ThreadPoolExecutor(0, 2 * MAX_SUBSCRIBERS, 10, TimeUnit.SECONDS,
			new SynchronousQueue<>(), threadFactory());

	private volatile boolean open;

	@GetMapping(path = "/documents/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
	SseEmitter subscribe() {
		if (!this.open || this.subscribers.size() >= MAX_SUBSCRIBERS) {
			throw new ErrorResponseException(HttpStatus.SERVICE_UNAVAILABLE,
					ProblemDetail.forStatusAndDetail(HttpStatus.SERVICE_UNAVAILABLE,
							this.open ? "Too many listeners." : "The application shuts down."),
					null);
		}
		SseEmitter emitter = new SseEmitter(0L);
		EventSubscriber subscriber = new EventSubscriber(emitter, this.senders, this.subscribers::remove);
		this.subscribers.add(subscriber);
		subscriber.ping();
		if (!this.open) {
			subscriber.close();
		}
		return emitter;
	}

	@EventListener
	void documentChanged(DocumentChangedEvent event) {
		DocumentEvent data = DocumentEvent.of(event);
		this.subscribers.forEach((subscriber) -> subscriber.send("document", data));
	}

	@EventListener
	void importChanged(ImportChangedEvent event) {
		ImportView data = ImportView.of(event.changed());
		this.subscribers.forEach((subscriber) -> subscriber.send("import", data));
	}

	// Finds out whose browser is gone, and keeps proxies from closing a quiet connection.
	@Scheduled(fixedRate = 15, timeUnit = TimeUnit.SECONDS)
	void ping() {
		this.subscribers.forEach(EventSubscriber::ping);
	}

	@Override
	public void start() {
		this.open = true;
	}

	// In the default phase, before the web server waits for the requests under way: these
	// would never end.
	@Override
	public void stop() {
		this.open = false;
		this.subscribers.forEach(EventSubscriber::close);
	}

	@Override
	public boolean isRunning() {
		return this.open;
	}

	private static CustomizableThreadFactory threadFactory() {
		CustomizableThreadFactory factory = new CustomizableThreadFactory("document-events-");
		factory.setDaemon(true);
		return factory;
	}

}
