package dev.backgroundjobs;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.slf4j.LoggerFactory;

/**
 * What the library logs from {@code DEBUG} on, kept from the console, until it is closed.
 */
public final class CapturedLog implements AutoCloseable {

	private final Logger logger = (Logger) LoggerFactory.getLogger("dev.backgroundjobs");

	private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

	public CapturedLog() {
		this.appender.start();
		this.logger.setLevel(Level.DEBUG);
		this.logger.setAdditive(false);
		this.logger.addAppender(this.appender);
	}

	/**
	 * Return what was logged, without exceptions: the level and the text of each line.
	 */
	public List<String> lines() {
		return this.appender.list.stream()
			.map((event) -> event.getLevel() + " " + event.getFormattedMessage())
			.toList();
	}

	/**
	 * Return the exceptions that were logged: the class and text of each.
	 */
	public String failures() {
		return this.appender.list.stream()
			.map(ILoggingEvent::getThrowableProxy)
			.filter(Objects::nonNull)
			.map((failure) -> failure.getClassName() + ": " + failure.getMessage())
			.collect(Collectors.joining("\n"));
	}

	public void clear() {
		this.appender.list.clear();
	}

	@Override
	public void close() {
		this.logger.detachAppender(this.appender);
		this.logger.setLevel(null);
		this.logger.setAdditive(true);
	}

}
