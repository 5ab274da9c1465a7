package dev.backgroundjobs.iteration;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import org.springframework.lang.CheckReturnValue;

/**
 * Steps that follow each other, each done once: what a job method returns whose work has
 * parts. After every step, and after every item of a step that is an iteration, the job
 * can stop and go on later, in another process, at the step it stopped in. Immutable:
 * {@code then} returns other steps.
 * <p>
 * A step's name travels with the message: a job that is under way fails when its step is
 * gone, or when other steps stand before it than those it has done.
 *
 * <pre>{@code
 * return Steps.first("validate", () -> this.files.validate(upload))
 *     .then("process", Iteration.over(rows(upload)).each(this.rows::insert))
 *     .then("finish", () -> this.mails.confirm(upload));
 * }</pre>
 */
@CheckReturnValue
public final class Steps {

	// The names of all steps that are done travel in the message.
	private static final int MAX_STEPS = 32;

	private static final int MAX_NAME_LENGTH = 40;

	private final List<Step> steps;

	private Steps(List<Step> steps) {
		this.steps = List.copyOf(steps);
	}

	/**
	 * Begin with a step.
	 * @param name its name: letters, digits, dots, dashes and underscores, at most 40
	 * @param action what it does
	 * @return the steps
	 */
	public static Steps first(String name, StepAction action) {
		return new Steps(List.of()).then(name, action);
	}

	/**
	 * Begin with an iteration.
	 * @param name the step's name: letters, digits, dots, dashes and underscores, at most
	 * 40
	 * @param iteration what it walks; its callbacks are those of the step
	 * @return the steps
	 */
	public static Steps first(String name, Iteration<?> iteration) {
		return new Steps(List.of()).then(name, iteration);
	}

	/**
	 * Add a step.
	 * @param name its name, unlike those before: letters, digits, dots, dashes and
	 * underscores, at most 40
	 * @param action what it does
	 * @return these steps and that one
	 */
	public Steps then(String name, StepAction action) {
		Objects.requireNonNull(action, () -> "Step '" + name + "' has no action");
		return then(new Step(name, action, null));
	}

	/**
	 * Add an iteration.
	 * @param name the step's name, unlike those before: letters, digits, dots, dashes and
	 * underscores, at most 40
	 * @param iteration what it walks; its callbacks are those of the step
	 * @return these steps and that one
	 */
	public Steps then(String name, Iteration<?> iteration) {
		Objects.requireNonNull(iteration, () -> "Step '" + name + "' has no iteration: give one, or Iteration.none()");
		if (iteration.plan().parallel() > 1) {
			throw new IllegalArgumentException("Step '" + name + "' is a parallel iteration, of which nothing tells "
					+ "when it is done: make it a job of its own and enqueue that in the step");
		}
		return then(new Step(name, null, iteration));
	}

	private Steps then(Step step) {
		String name = step.name();
		if (name == null || !name.matches("[A-Za-z0-9._-]{1," + MAX_NAME_LENGTH + "}")) {
			throw new IllegalArgumentException("'" + name + "' cannot be the name of a step: give 1 to "
					+ MAX_NAME_LENGTH + " letters, digits, dots, dashes and underscores");
		}
		if (this.steps.stream().anyMatch((other) -> other.name().equals(name))) {
			throw new IllegalArgumentException("Two steps have the name '" + name + "': rename one");
		}
		if (this.steps.size() == MAX_STEPS) {
			throw new IllegalArgumentException("Step '" + name + "' would be one more than " + MAX_STEPS
					+ ": put what belongs together into one step, or into a job of its own");
		}
		List<Step> steps = new ArrayList<>(this.steps);
		steps.add(step);
		return new Steps(steps);
	}

	/**
	 * Return the steps, for what runs them.
	 * @return the steps, in their order
	 */
	public List<Step> all() {
		return this.steps;
	}

	/**
	 * A step: an action, or an iteration.
	 *
	 * @param name its name
	 * @param action what it does, or {@code null}
	 * @param iteration what it walks, or {@code null}
	 */
	public record Step(String name, @Nullable StepAction action, @Nullable Iteration<?> iteration) {
	}

}
