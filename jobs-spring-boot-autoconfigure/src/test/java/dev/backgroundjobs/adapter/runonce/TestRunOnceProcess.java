package dev.backgroundjobs.adapter.runonce;

/**
 * A process that does not end, and remembers what it would have ended with.
 */
final class TestRunOnceProcess implements RunOnceProcess {

	private final StringBuffer printed = new StringBuffer();

	private volatile int code = RunOnce.EXIT_RELEASED;

	private volatile int exits;

	@Override
	public void start(boolean printsOnly) {
	}

	@Override
	public void failed() {
		this.code = 1;
	}

	@Override
	public void settled(int code) {
		this.code = code;
	}

	@Override
	public void print(String text) {
		this.printed.append(text);
	}

	@Override
	public void exit() {
		this.exits++;
	}

	int code() {
		return this.code;
	}

	int exits() {
		return this.exits;
	}

	String printed() {
		return this.printed.toString();
	}

}
