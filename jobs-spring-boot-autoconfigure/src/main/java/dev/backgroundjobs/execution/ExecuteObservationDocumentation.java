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

	};

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
		 * {@code interrupted}, or {@code lease-lost}; {@code running} while it goes on.
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
