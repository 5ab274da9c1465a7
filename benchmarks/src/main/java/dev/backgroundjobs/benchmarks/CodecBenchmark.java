package dev.backgroundjobs.benchmarks;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import dev.backgroundjobs.message.DecodedMessage;
import dev.backgroundjobs.message.EncodedMessage;
import dev.backgroundjobs.message.EncryptionKeys;
import dev.backgroundjobs.message.JobMessage;
import dev.backgroundjobs.message.JobMessageCodec;
import dev.backgroundjobs.message.KeyMaterial;
import dev.backgroundjobs.message.SigningKeys;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Every form of the message, written and read.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class CodecBenchmark {

	private static final JobMessage MESSAGE = JobMessage
		.builder("01a20188-6a28-71f0-afe3-49c324578c12", "reports.generate", "default",
				"[{\"documentId\":\"01a20188-6a28-71f0-afe3-49c324578c12\"}]", Instant.parse("2026-06-01T12:00:00Z"))
		.build();

	/** How the message travels. */
	@Param({ "plain", "signed", "encrypted", "signed-and-encrypted" })
	String form = "plain";

	private JobMessageCodec codec = new JobMessageCodec(SigningKeys.none(), Clock.systemUTC());

	private byte[] body = {};

	/**
	 * Make keys and a body.
	 */
	@Setup
	public void prepare() {
		SigningKeys signing = this.form.contains("signed")
				? new SigningKeys("k1", Map.of("k1", key()), null, SigningKeys.DEFAULT_MAX_AGE) : SigningKeys.none();
		EncryptionKeys encryption = this.form.contains("encrypted") ? new EncryptionKeys("e1", Map.of("e1", key()))
				: EncryptionKeys.none();
		this.codec = new JobMessageCodec(signing, encryption, Clock.systemUTC());
		this.body = this.codec.encode(MESSAGE).bytes();
	}

	/**
	 * Write.
	 * @return the form
	 */
	@Benchmark
	public EncodedMessage encode() {
		return this.codec.encode(MESSAGE);
	}

	/**
	 * Read.
	 * @return the message
	 */
	@Benchmark
	public DecodedMessage decode() {
		return this.codec.decode(this.body, true);
	}

	private static KeyMaterial key() {
		byte[] key = new byte[32];
		new SecureRandom().nextBytes(key);
		return KeyMaterial.of(Base64.getEncoder().encodeToString(key));
	}

}
