package dev.backgroundjobs.execution;

import io.micrometer.common.docs.KeyName;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import io.micrometer.observation.docs.ObservationDocumentation;

/**
 * The observation of a run, with its keys.
 */
public enum ExecuteObservationDocumentation implements ObservationDocumentation {

	/** One attempt of a job, from reading its arguments until its method ends. */
	JOBS_EXECUTE {

		@Override
		public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
			return DefaultExecuteObservationConvention.class;
		}

		@Override
		public KeyName[] getLowCardinalityKeyNames() {
			return LowCardinality.values();
		}

		@Override
		public KeyName[] getHighCardinalityKeyNames() {
			return HighCardinality.values();
		}

		@Override
		public Observation.Event[] getEvents() {
			return IterationEvent.values();
		}

	};

	/**
	 * What happens within a run of an iteration. With metrics each is a counter besides,
	 * {@code jobs.execute.iteration.started} for example.
	 */
	public enum IterationEvent implements Observation.Event {

		/** The iteration, or a step of it, begins. */
		STARTED("started"),

		/** A slice goes on where another stopped. */
		RESUMED("resumed"),

		/** A slice stops and another follows. */
		STOPPED("stopped"),

		/** A throttle's condition holds. */
		THROTTLED("throttled"),

		/** An item has failed and is skipped. */
		ITEM_FAILED("item.failed"),

		/** A step is done. */
		STEP_DONE("step.done"),

		/** An item has ended the iteration. */
		ABORTED("aborted"),

		/** The iteration, or a step of it, has come to its end. */
		COMPLETED("completed"),

		/** The method has returned no iteration. */
		NOTHING("nothing");

		private final String name;

		IterationEvent(String name) {
			this.name = "iteration." + name;
		}

		@Override
		public String getName() {
			return this.name;
		}

	}

	/**
	 * Keys with few values, which become tags of metrics.
	 */
	public enum LowCardinality implements KeyName {

		/** Name of the job. */
		JOB_NAME {

			@Override
			public String asString() {
				return "job.name";
			}

		},

		/**
		 * Queue; {@code other} for one that neither a job nor {@code jobs.queues} names.
		 */
		QUEUE {

			@Override
			public String asString() {
				return "queue";
			}

		},

		/**
		 * How the run ended: {@code succeeded}, {@code failed}, {@code discarded},
		 * {@code interrupted}, {@code stopped} for a slice that another follows,
		 * {@code split} for an iteration that goes on in parts, or {@code lease-lost};
		 * {@code running} while it goes on.
		 */
		OUTCOME {

			@Override
			public String asString() {
				return "outcome";
			}

		}

	}

	/**
	 * Keys with many values, for traces only.
	 */
	public enum HighCardinality implements KeyName {

		/** Id of the job. */
		JOB_ID {

			@Override
			public String asString() {
				return "job.id";
			}

		},

		/** Attempt, from 1. */
		JOB_ATTEMPT {

			@Override
			public String asString() {
				return "job.attempt";
			}

		},

		/** Number of the message among those of the job, from 0. */
		JOB_SEQ {

			@Override
			public String asString() {
				return "job.seq";
			}

		}

	}

}
