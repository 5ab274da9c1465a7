package dev.backgroundjobs.delivery;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

import dev.backgroundjobs.delivery.DeliveryAuthenticator.Decision;
import dev.backgroundjobs.message.JobMessageCodec;
import dev.backgroundjobs.message.MessageLimits;
import dev.backgroundjobs.message.UnreadableMessageException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers requests to the endpoint: what costs little is checked first, and of a body
 * nobody vouches for nothing is read but a signature. Safe for use by several threads.
 */
public final class JobDeliveryController {

	private static final Logger logger = LoggerFactory.getLogger(JobDeliveryController.class);

	private static final PlainDeliveryResponder PLAIN = new PlainDeliveryResponder();

	private final DeliveryProcessor processor;

	private final DeliveryBatch batch;

	private final JobMessageCodec codec;

	private final List<DeliveryAuthenticator> authenticators;

	private final List<DeliveryDecoder> decoders;

	private final @Nullable Duration requestTimeout;

	private final DeliveryMeters meters;

	private final Clock clock;

	/**
	 * Create a controller.
	 * @param processor knows whether deliveries are taken
	 * @param batch processes deliveries
	 * @param codec knows whether signatures are accepted
	 * @param authenticators decide on callers, in their order
	 * @param decoders find messages, in their order
	 * @param requestTimeout after what time the platform gives up on a request, or
	 * {@code null} for never
	 * @param meters counts refused requests
	 * @param clock tells the time
	 */
	public JobDeliveryController(DeliveryProcessor processor, DeliveryBatch batch, JobMessageCodec codec,
			List<DeliveryAuthenticator> authenticators, List<DeliveryDecoder> decoders,
			@Nullable Duration requestTimeout, DeliveryMeters meters, Clock clock) {
		this.processor = processor;
		this.batch = batch;
		this.codec = codec;
		this.authenticators = List.copyOf(authenticators);
		this.decoders = List.copyOf(decoders);
		this.requestTimeout = requestTimeout;
		this.meters = meters;
		this.clock = clock;
	}

	DeliveryResponse handle(ServletDeliveryRequest request) throws IOException {
		int maxBytes = maxBytes(request);
		DeliveryResponse refused = refuse(request, maxBytes);
		if (refused != null) {
			return refused;
		}
		Decision decision = authenticate(request);
		boolean trusted = decision == Decision.ACCEPT;
		// Callers that are known hear it in their own words: some take 503 for success.
		if (!trusted && this.processor.isDraining()) {
			return refuse("draining", PlainDeliveryResponder.unavailable());
		}
		if (!trusted && (decision != Decision.ABSTAIN || !this.codec.acceptsSignatures())) {
			logger.debug("Refused a request: the authenticators say {}, {}", decision, (decision != Decision.ABSTAIN)
					? "which is final" : "and there is no key in 'jobs.signing.keys' that could vouch for the message");
			return refuse(decision);
		}
		// Of callers that only a signature could vouch for nothing but a message is
		// taken.
		maxBytes = trusted ? Math.max(maxBytes, MessageLimits.MAX_BYTES) : MessageLimits.MAX_BYTES;
		byte[] body = request.body(maxBytes);
		if (body == null) {
			return tooLarge(maxBytes);
		}
		DecodedRequest decoded;
		try {
			decoded = decode(request, body, trusted);
		}
		catch (UnreadableMessageException ex) {
			logger.error("A request cannot be decoded: it {}", ex.getMessage());
			return PlainDeliveryResponder.respond(Settlement.UNREADABLE);
		}
		List<Delivery> deliveries = decoded.deliveries().stream().map(this::withDeadline).toList();
		return this.batch.process(new DecodedRequest(deliveries, decoded.responder()));
	}

	private DeliveryResponse refuse(Decision decision) {
		return switch (decision) {
			case FORBID -> refuse("forbidden", PlainDeliveryResponder.problem(403, "Caller not allowed"));
			case UNAVAILABLE -> refuse("unavailable", PlainDeliveryResponder.unavailable());
			default -> refuse("unauthenticated", PlainDeliveryResponder.respond(Settlement.UNTRUSTED));
		};
	}

	private DeliveryResponse refuse(String reason, DeliveryResponse response) {
		this.meters.refused(reason);
		return response;
	}

	// Whatever a decoder knows of its platform, the request has a limit of its own.
	private Delivery withDeadline(Delivery delivery) {
		if (this.requestTimeout == null) {
			return delivery;
		}
		Instant end = this.clock.instant().plus(this.requestTimeout);
		Instant deadline = delivery.deadline();
		return (deadline == null || end.isBefore(deadline)) ? delivery.withDeadline(end) : delivery;
	}

	private int maxBytes(DeliveryRequest request) {
		int max = 0;
		for (DeliveryDecoder decoder : this.decoders) {
			max = Math.max(max, decoder.maxBytes(request));
		}
		return max;
	}

	private @Nullable DeliveryResponse refuse(ServletDeliveryRequest request, int maxBytes) {
		if (!request.method().equals("POST")) {
			return refuse("method", PlainDeliveryResponder.problem(405, "Only POST"));
		}
		boolean isAccepted = maxBytes > 0 || isAcceptedContent(request.header("Content-Type"));
		if (!isAccepted || request.header("Content-Encoding") != null) {
			return refuse("content-type",
					PlainDeliveryResponder.problem(415, "Only application/json and application/jose"));
		}
		int max = Math.max(maxBytes, MessageLimits.MAX_BYTES);
		return (request.contentLength() > max) ? tooLarge(max) : null;
	}

	private DeliveryResponse tooLarge(int max) {
		return refuse("too-large", PlainDeliveryResponder.problem(413, "At most " + max + " bytes"));
	}

	private static boolean isAcceptedContent(@Nullable String contentType) {
		if (contentType == null) {
			return false;
		}
		String[] parts = contentType.toLowerCase(Locale.ROOT).split(";", -1);
		String type = parts[0].strip();
		for (int i = 1; i < parts.length; i++) {
			String parameter = parts[i].strip().replace("\"", "");
			if (parameter.startsWith("charset=") && !parameter.equals("charset=utf-8")) {
				return false;
			}
		}
		return type.equals("application/json") || type.equals("application/jose");
	}

	private Decision authenticate(DeliveryRequest request) {
		for (DeliveryAuthenticator authenticator : this.authenticators) {
			Decision decision = authenticator.authenticate(request);
			if (decision != Decision.ABSTAIN) {
				return decision;
			}
		}
		return Decision.ABSTAIN;
	}

	private DecodedRequest decode(DeliveryRequest request, byte[] body, boolean trusted) {
		for (DeliveryDecoder decoder : this.decoders) {
			DecodedRequest decoded = decoder.decode(request, body, trusted);
			if (decoded != null) {
				return decoded;
			}
		}
		return new DecodedRequest(List.of(Delivery.pushed(body, trusted, 0, null)), PLAIN);
	}

}
