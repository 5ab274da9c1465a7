package dev.backgroundjobs.sample.aws;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Profile;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.util.ResourceUtils;

/**
 * Directories that stand for buckets: tells the queue of documents of each file that is
 * new or has changed since the last look, as S3 would.
 */
@Component
@Profile("aws-local")
class LocalBuckets {

	private static final Log logger = LogFactory.getLog(LocalBuckets.class);

	private final LocalSqs sqs;

	private final JsonMapper json;

	private final Path root;

	private final Map<Path, State> seen = new HashMap<>();

	LocalBuckets(LocalSqs sqs, JsonMapper json, @Value("${paperwork.object-root}") String root) throws IOException {
		this.sqs = sqs;
		this.json = json;
		this.root = ResourceUtils.getFile(root).toPath().toAbsolutePath().normalize();
		Files.createDirectories(this.root);
		walk((file, state) -> this.seen.put(file, state.told()));
		logger.info("Buckets are directories of " + this.root + ". To convert a document:\nmkdir -p '"
				+ this.root.resolve("inbox") + "' && cp sample-app/samples/welcome.docx '" + this.root.resolve("inbox")
				+ "'");
	}

	// Somebody may still be writing to a file that differs from the last look.
	@Scheduled(fixedDelayString = "1s")
	void look() throws IOException {
		walk((file, state) -> {
			State before = this.seen.get(file);
			if (before == null || !before.isSameContent(state)) {
				this.seen.put(file, state);
			}
			else if (!before.isTold()) {
				this.sqs.send("documents", notification(file, state));
				this.seen.put(file, state.told());
			}
		});
	}

	private void walk(Visitor visitor) throws IOException {
		Files.walkFileTree(this.root, new SimpleFileVisitor<>() {

			@Override
			public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
				Path object = LocalBuckets.this.root.relativize(file);
				if (attributes.isRegularFile() && object.getNameCount() > 1) {
					visitor.visit(object,
							new State(attributes.size(), attributes.lastModifiedTime().toInstant(), false));
				}
				return FileVisitResult.CONTINUE;
			}

			// Gone meanwhile.
			@Override
			public FileVisitResult visitFileFailed(Path file, IOException ex) {
				return FileVisitResult.CONTINUE;
			}

		});
	}

	// What S3 says of it, but for what nobody reads here.
	private String notification(Path object, State state) {
		String bucket = object.getName(0).toString();
		String key = object.subpath(1, object.getNameCount()).toString().replace('\\', '/');
		ObjectNode notification = this.json.createObjectNode();
		ObjectNode entry = notification.putArray("Records").addObject();
		entry.put("eventVersion", "2.1")
			.put("eventSource", "aws:s3")
			.put("awsRegion", this.sqs.region())
			.put("eventTime", state.changed().toString())
			.put("eventName", "ObjectCreated:Put");
		ObjectNode s3 = entry.putObject("s3").put("s3SchemaVersion", "1.0");
		s3.putObject("bucket").put("name", bucket).put("arn", "arn:aws:s3:::" + bucket);
		s3.putObject("object")
			.put("key", URLEncoder.encode(key, StandardCharsets.UTF_8).replace("%2F", "/"))
			.put("size", state.size())
			.put("sequencer", Long.toHexString(state.changed().toEpochMilli()));
		return notification.toString();
	}

	@FunctionalInterface
	private interface Visitor {

		void visit(Path object, State state);

	}

	private record State(long size, Instant changed, boolean isTold) {

		boolean isSameContent(State other) {
			return this.size == other.size && this.changed.equals(other.changed);
		}

		State told() {
			return new State(this.size, this.changed, true);
		}

	}

}
