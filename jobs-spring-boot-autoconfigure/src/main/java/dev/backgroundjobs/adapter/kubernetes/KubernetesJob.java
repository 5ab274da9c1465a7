package dev.backgroundjobs.adapter.kubernetes;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What the Job and the pod of a background job are like in Kubernetes, on a method with
 * {@link dev.backgroundjobs.BackgroundJob}. It is the last layer over
 * {@code jobs.kubernetes.queues.<queue>.*} and {@code jobs.kubernetes.*}, which describe
 * the same settings: what is empty here comes from there, and maps and lists add up.
 * Other backends ignore it.
 * <p>
 * With both {@link #image} and {@link #command} the container is not this application at
 * all: on Kubernetes it runs in place of the method, elsewhere the method runs. It gets
 * each argument as variable {@code JOBS_ARG_<NAME>} and for placeholders such as
 * {@code {digits}} in command, arguments and variables.
 * <p>
 * Spring's placeholders are resolved in everything but command and arguments, which have
 * their own. The annotation can be used as a meta-annotation.
 */
@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface KubernetesJob {

	/**
	 * Image of the container.
	 * @return the image; empty for the one of the properties, or of this application
	 */
	String image() default "";

	/**
	 * When the image is pulled.
	 * @return {@code always}, {@code if-not-present} or {@code never}
	 */
	String imagePullPolicy() default "";

	/**
	 * Secrets to pull the image with.
	 * @return names of secrets
	 */
	String[] imagePullSecrets() default {};

	/**
	 * Command of the container in place of the image's entry point.
	 * @return the command and its first arguments
	 */
	String[] command() default {};

	/**
	 * Arguments of the command.
	 * @return the arguments
	 */
	String[] args() default {};

	/**
	 * Name of the container.
	 * @return the name, a DNS label
	 */
	String container() default "";

	/**
	 * Service account of the pod.
	 * @return the name
	 */
	String serviceAccount() default "";

	/**
	 * CPU that is kept for the container.
	 * @return a quantity such as {@code 500m}
	 */
	String cpuRequest() default "";

	/**
	 * CPU that the container may take at most.
	 * @return a quantity such as {@code 2}
	 */
	String cpuLimit() default "";

	/**
	 * Memory that is kept for the container.
	 * @return a quantity such as {@code 512Mi}
	 */
	String memoryRequest() default "";

	/**
	 * Memory that the container may take at most.
	 * @return a quantity such as {@code 1Gi}
	 */
	String memoryLimit() default "";

	/**
	 * Environment variables.
	 * @return {@code NAME=value} each
	 */
	String[] env() default {};

	/**
	 * Config maps whose entries become environment variables.
	 * @return names of config maps
	 */
	String[] envFromConfigMaps() default {};

	/**
	 * Secrets whose entries become environment variables.
	 * @return names of secrets
	 */
	String[] envFromSecrets() default {};

	/**
	 * Labels of the Job and its pods.
	 * @return {@code key=value} each
	 */
	String[] labels() default {};

	/**
	 * Annotations of the Job and its pods.
	 * @return {@code key=value} each
	 */
	String[] annotations() default {};

	/**
	 * Labels of the nodes that the pod runs on.
	 * @return {@code key=value} each
	 */
	String[] nodeSelector() default {};

	/**
	 * Taints of nodes that the pod may run on all the same.
	 * @return the tolerations
	 */
	Toleration[] tolerations() default {};

	/**
	 * Volumes with the place the container sees them at.
	 * @return the volumes
	 */
	Volume[] volumes() default {};

	/**
	 * What follows a container that failed.
	 * @return {@code never} or {@code on-failure}
	 */
	String restartPolicy() default "";

	/**
	 * Time after which the Job is stopped, all its pods together.
	 * @return a time as {@code 2h} or {@code PT2H}
	 */
	String activeDeadline() default "";

	/**
	 * How often Kubernetes starts another pod after a crash or a release.
	 * @return a number, 0 or more
	 */
	String backoffLimit() default "";

	/**
	 * Time after which the finished Job is deleted, 1 day or more.
	 * @return a time as {@code 7d} or {@code P7D}
	 */
	String ttlAfterFinished() default "";

	/**
	 * Time between SIGTERM and SIGKILL.
	 * @return a time as {@code 40s} or {@code PT40S}
	 */
	String terminationGracePeriod() default "";

	/**
	 * Whether the Job is created suspended, for a person or Kueue to start. Such a job's
	 * queue cannot delay, so {@code true} is refused unless
	 * {@code jobs.kubernetes.queues.<queue>.suspend} is set as well.
	 * @return {@code true} or {@code false}
	 */
	String suspend() default "";

	/**
	 * YAML file of a Job to start from.
	 * @return the location, such as {@code classpath:gpu-job.yaml}
	 */
	String template() default "";

	/**
	 * A taint that is tolerated.
	 */
	@Target({})
	@Retention(RetentionPolicy.RUNTIME)
	@interface Toleration {

		/**
		 * Key of the taint.
		 * @return the key; empty for all
		 */
		String key() default "";

		/**
		 * How the value is compared.
		 * @return {@code Equal} or {@code Exists}
		 */
		String operator() default "";

		/**
		 * Value of the taint.
		 * @return the value
		 */
		String value() default "";

		/**
		 * Effect of the taint.
		 * @return {@code NoSchedule}, {@code PreferNoSchedule} or {@code NoExecute};
		 * empty for all
		 */
		String effect() default "";

		/**
		 * Seconds for which a taint {@code NoExecute} is tolerated.
		 * @return a number; empty for ever
		 */
		String seconds() default "";

	}

	/**
	 * A volume, from exactly one source.
	 */
	@Target({})
	@Retention(RetentionPolicy.RUNTIME)
	@interface Volume {

		/**
		 * Name of the volume.
		 * @return the name, a DNS label
		 */
		String name();

		/**
		 * Path in the container.
		 * @return the path
		 */
		String mountPath();

		/**
		 * Path in the volume.
		 * @return the path; empty for the whole volume
		 */
		String subPath() default "";

		/**
		 * Whether the container cannot write to it.
		 * @return whether it cannot
		 */
		boolean readOnly() default false;

		/**
		 * Config map whose entries are the files.
		 * @return the name
		 */
		String configMap() default "";

		/**
		 * Secret whose entries are the files.
		 * @return the name
		 */
		String secret() default "";

		/**
		 * Claim of a persistent volume.
		 * @return the name
		 */
		String persistentVolumeClaim() default "";

		/**
		 * Whether it is a directory of the pod's own, empty at first.
		 * @return whether it is
		 */
		boolean emptyDir() default false;

	}

}
