package dev.backgroundjobs.dispatch;

import io.micrometer.common.docs.KeyName;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import io.micrometer.observation.docs.ObservationDocumentation;

/**
 * The observation of enqueueing, with its keys.
 */
public enum EnqueueObservationDocumentation implements ObservationDocumentation {

	/** From the call of a {@code JobDispatcher} until the backend has the message. */
	JOBS_ENQUEUE {

		@Override
		public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
			return DefaultEnqueueObservationConvention.class;
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

		/**
		 * Name of the job; {@code other} for one that is not declared here,
		 * {@code several} for a bulk of different jobs, {@code none} when the call was
		 * refused before it was known.
		 */
		JOB_NAME {

			@Override
			public String asString() {
				return "job.name";
			}

		},

		/**
		 * Queue; {@code other} for one that neither a job nor {@code jobs.queues} names,
		 * {@code several} and {@code none} as with the job.
		 */
		QUEUE {

			@Override
			public String asString() {
				return "queue";
			}

		},

		/**
		 * Name of the queue's backend; {@code several} and {@code none} as with the job.
		 */
		BACKEND {

			@Override
			public String asString() {
				return "backend";
			}

		},

		/**
		 * What became of the call: {@code sent}, {@code waiting} for the commit of a
		 * transaction, {@code duplicate}, or {@code failed}.
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

		/** Id of the job. Not set for a bulk. */
		JOB_ID {

			@Override
			public String asString() {
				return "job.id";
			}

		},

		/** Number of jobs of a bulk. Not set for a single call. */
		BATCH_SIZE {

			@Override
			public String asString() {
				return "jobs.batch.size";
			}

		}

	}

}
