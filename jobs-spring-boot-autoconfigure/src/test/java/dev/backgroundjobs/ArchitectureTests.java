package dev.backgroundjobs;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.conditions.ArchConditions;
import io.micrometer.observation.ObservationConvention;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.context.annotation.Bean;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The table of packages in {@code design.md}, section 3, and the rules of
 * {@code style.md}.
 */
class ArchitectureTests {

	private static final String ROOT = "dev.backgroundjobs";

	private static final JavaClasses LIBRARY = new ClassFileImporter()
		.importUrl(JobDispatcher.class.getProtectionDomain().getCodeSource().getLocation());

	// A package may use itself and the root besides.
	private static final Map<String, Set<String>> MAY_USE = new TreeMap<>();

	static {
		MAY_USE.put("", Set.of());
		MAY_USE.put("iteration", Set.of());
		MAY_USE.put("definition", Set.of("iteration", "message"));
		MAY_USE.put("message", Set.of());
		MAY_USE.put("backend", Set.of("message"));
		MAY_USE.put("dispatch", Set.of("definition", "message", "backend"));
		MAY_USE.put("execution", Set.of("definition", "message", "iteration"));
		MAY_USE.put("event", Set.of("definition", "message"));
		MAY_USE.put("delivery", Set.of("execution", "dispatch", "event", "message", "definition", "backend"));
		MAY_USE.put("autoconfigure",
				Set.of("iteration", "definition", "message", "backend", "dispatch", "execution", "event", "delivery"));
		MAY_USE.put("test", Set.of("definition", "message", "backend", "delivery", "dispatch", "event", "execution",
				"autoconfigure"));
		MAY_USE.put("adapter.aws", Set.of("delivery", "event", "execution", "message", "autoconfigure"));
		MAY_USE.put("adapter.cloudrun",
				Set.of("backend", "delivery", "message", "autoconfigure", "adapter.google", "adapter.runonce"));
		MAY_USE.put("adapter.cloudtasks", Set.of("backend", "delivery", "message", "autoconfigure", "adapter.google"));
		MAY_USE.put("adapter.google", Set.of("delivery", "event", "message", "autoconfigure"));
		MAY_USE.put("adapter.inline", Set.of("backend", "delivery", "message", "autoconfigure"));
		MAY_USE.put("adapter.kubernetes", Set.of("backend", "delivery", "message", "autoconfigure", "adapter.runonce"));
		MAY_USE.put("adapter.local", Set.of("backend", "delivery", "message", "autoconfigure"));
		MAY_USE.put("adapter.pubsub",
				Set.of("backend", "delivery", "execution", "message", "autoconfigure", "adapter.google"));
		MAY_USE.put("adapter.lambda", Set.of("backend", "delivery", "message", "autoconfigure", "adapter.aws"));
		MAY_USE.put("adapter.runonce", Set.of("delivery", "execution", "message", "autoconfigure"));
		MAY_USE.put("adapter.scheduler", Set.of("backend", "message", "autoconfigure", "adapter.aws"));
		MAY_USE.put("adapter.sqs",
				Set.of("backend", "delivery", "execution", "message", "autoconfigure", "adapter.aws"));
		MAY_USE.put("adapter.test", Set.of("backend", "delivery", "message", "autoconfigure", "test"));
	}

	private static final Map<String, String> PUBLIC_TYPES = new TreeMap<>();

	static {
		PUBLIC_TYPES.put("",
				"BackgroundJob Backoff DiscardJobException EnqueueAfterCommitException EnqueuedJob JobCall JobContext "
						+ "JobDispatcher JobException JobMethod JobOperationNotSupportedException JobOperations "
						+ "JobOptions JobProgress JobStatus OnEvent ParallelPart PartialEnqueueException "
						+ "RetryJobException SchedulingNotSupportedException StorageObject UnknownJobException");
		PUBLIC_TYPES.put("adapter.aws", "AwsAutoConfiguration AwsTarget LambdaEvents SqsBody SqsVisibility");
		PUBLIC_TYPES.put("adapter.cloudrun",
				"CloudRunJobAutoConfiguration CloudRunJobCustomizer CloudRunJobProperties");
		PUBLIC_TYPES.put("adapter.cloudtasks",
				"CloudTasksJobAutoConfiguration CloudTasksJobCustomizer CloudTasksJobProperties");
		PUBLIC_TYPES.put("adapter.google",
				"CloudTasksDeliveryDecoder GoogleAutoConfiguration GoogleOidcProperties PubSubMessage");
		PUBLIC_TYPES.put("adapter.inline", "InlineJobAutoConfiguration");
		PUBLIC_TYPES.put("adapter.kubernetes",
				"KubernetesJob KubernetesJobAutoConfiguration KubernetesJobCustomizer KubernetesJobProperties "
						+ "KubernetesJobState KubernetesJobs KubernetesPodProperties");
		PUBLIC_TYPES.put("adapter.lambda",
				"JobsLambdaHandler LambdaJobAutoConfiguration LambdaJobCustomizer LambdaJobProperties");
		PUBLIC_TYPES.put("adapter.local", "LocalJobAutoConfiguration LocalJobProperties");
		PUBLIC_TYPES.put("adapter.pubsub", "PubSubJobAutoConfiguration PubSubJobProperties");
		PUBLIC_TYPES.put("adapter.runonce", "ManifestPrinter RunOnce RunOnceAutoConfiguration RunOncePlatform");
		PUBLIC_TYPES.put("adapter.scheduler",
				"SchedulerJobAutoConfiguration SchedulerJobCustomizer SchedulerJobProperties");
		PUBLIC_TYPES.put("adapter.sqs", "SqsJobAutoConfiguration SqsJobCustomizer SqsJobProperties");
		PUBLIC_TYPES.put("adapter.test", "TestJobAutoConfiguration");
		PUBLIC_TYPES.put("autoconfigure",
				"BackendJobs BackendOverride CommitPhase ConditionalOnJobBackend HealthDetails InvalidJobsConfigurationException JobMessages JobsActuatorAutoConfiguration JobsAutoConfiguration JobsClock "
						+ "JobTimeouts JobsEndpointAutoConfiguration JobsHealthAutoConfiguration JobsMetricsAutoConfiguration JobsProperties "
						+ "StartProblems WorkerThreads");
		PUBLIC_TYPES.put("backend",
				"BackendCapabilities BackendRequests CancellableBackend ConcurrentSends DeadLetterBackend DuplicateMessageException "
						+ "InspectableBackend JobBackend LoggedBackend ParallelBackend SendResult");
		PUBLIC_TYPES.put("definition",
				"BackoffPolicy EventPattern InvalidJobDefinitionsException JobDefaults JobDefinition "
						+ "JobDefinitionScanner JobDefinitions JobMethods");
		PUBLIC_TYPES.put("delivery",
				"CloudEventDecoder DeadReason DecodedRequest Delivery DeliveryAuthenticator DeliveryBatch DeliveryDecoder DeliveryMeters DeliveryProcessor DeliveryRequest "
						+ "DeliveryResponder DeliveryResponse JobDeliveryController JobDeliveryFilter JobDeliveryServlet JobWorker "
						+ "MessageShape ProcessorSettings Settlement");
		PUBLIC_TYPES.put("dispatch",
				"AfterCommitOutbox DefaultEnqueueObservationConvention DefaultJobDispatcher DefaultJobOperations "
						+ "EnqueueFailedEvent EnqueueObservationContext EnqueueObservationConvention "
						+ "EnqueueObservationDocumentation EnqueueObserver "
						+ "MessageFactory MessageSender QueueRouter QueueSettings UnknownBackendException");
		PUBLIC_TYPES.put("event",
				"CloudEventJson CloudEventModule EventContent EventJson EventMessages PlatformEvents");
		PUBLIC_TYPES.put("execution",
				"DeadJobEvent DefaultExecuteObservationConvention DiscardedJobEvent ExecuteObservationContext "
						+ "ExecuteObservationConvention ExecuteObservationDocumentation ExecuteObserver "
						+ "ExpiredJobEvent IterationSettings JobExecutor JobInterceptor JobInvoker JobOutcome "
						+ "JobProgressEvent JobTimeoutException Lease Slice SliceCheck");
		PUBLIC_TYPES.put("iteration",
				"AbortIterationException CsvRow CsvSource CursorIterator CursorSource ItemAction ItemInterceptor Iteration "
						+ "IterationCallback IterationPlan JdbcQuery KeyCursor KeysetFetch KeysetRangeFetch LineSource "
						+ "Nested NestedCursor OpenAt PageCursor PageFetch ScrollCursor Sources SplittableSource "
						+ "StepAction Steps Throttle TokenPage");
		PUBLIC_TYPES.put("message",
				"ArgumentBinding ArgumentCodec ArgumentException CursorCodec DecodedMessage DerivedIds EncodedMessage "
						+ "EncryptionKeys InvalidKeyException IterationState JobError JobMessage JobMessageBuilder JobMessageCodec KeyMaterial MessageLimits MessageNames "
						+ "SigningKeys UnreadableMessageException UntrustedMessageException");
		PUBLIC_TYPES.put("test",
				"AutoConfigureJobsTester EnqueuedJobsAssert JobBackendContract JobRun JobsTester JobsTesterAssert "
						+ "JobsTesterAutoConfiguration NextRun RecordedJob TestJobBackend");
	}

	@Test
	void everyPackageUsesOnlyWhatTheTableAllows() {
		Set<String> refused = new TreeSet<>();
		for (JavaClass type : LIBRARY) {
			String from = shortName(type.getPackageName());
			assertThat(MAY_USE).as("package of " + type.getName()).containsKey(from);
			type.getDirectDependenciesFromSelf()
				.stream()
				.map((dependency) -> dependency.getTargetClass().getBaseComponentType().getPackageName())
				.filter((name) -> name.equals(ROOT) || name.startsWith(ROOT + "."))
				.map(ArchitectureTests::shortName)
				.filter((to) -> !to.isEmpty() && !to.equals(from) && !MAY_USE.get(from).contains(to))
				.forEach((to) -> refused.add(type.getName() + " uses " + to));
		}
		assertThat(refused).isEmpty();
	}

	@Test
	void thereAreNoCyclesBetweenPackages() {
		slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(LIBRARY);
	}

	@Test
	void theLibraryUsesOnlyItsOwnDependencies() {
		noClasses().that()
			.resideOutsideOfPackage(ROOT + ".test")
			.should()
			.dependOnClassesThat()
			.resideOutsideOfPackages(ROOT + "..", "java..", "javax.crypto..", "javax.lang.model..",
					"org.springframework..", "tools.jackson..", "com.fasterxml.jackson.annotation..", "org.slf4j..",
					"org.jspecify..", "io.micrometer..", "com.nimbusds..", "com.github.f4b6a3.uuid..",
					"io.cloudevents..", "jakarta.servlet..", "com.google..", "io.fabric8..", "io.grpc..",
					"software.amazon.awssdk..", "com.amazonaws.services.lambda.runtime..")
			.check(LIBRARY);
	}

	@Test
	void amazonsLibrariesStayInTheirAdapters() {
		noClasses().that()
			.resideOutsideOfPackages(ROOT + ".adapter.lambda", ROOT + ".adapter.scheduler", ROOT + ".adapter.sqs")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("software.amazon.awssdk..", "com.amazonaws..")
			.check(LIBRARY);
	}

	@Test
	void googlesLibrariesStayInTheirAdapters() {
		noClasses().that()
			.resideOutsideOfPackages(ROOT + ".adapter.cloudrun", ROOT + ".adapter.cloudtasks", ROOT + ".adapter.pubsub")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("com.google..", "io.grpc..")
			.check(LIBRARY);
	}

	@Test
	void kubernetesLibrariesStayInTheirAdapter() {
		noClasses().that()
			.resideOutsideOfPackage(ROOT + ".adapter.kubernetes")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("io.fabric8..")
			.allowEmptyShould(true)
			.check(LIBRARY);
	}

	@Test
	void joseStaysWithMessagesAndTokens() {
		noClasses().that()
			.resideOutsideOfPackages(ROOT + ".message", ROOT + ".adapter.google")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("com.nimbusds..")
			.check(LIBRARY);
	}

	@Test
	void metricsStayInTheirAutoConfiguration() {
		noClasses().that()
			.resideOutsideOfPackage(ROOT + ".autoconfigure")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("io.micrometer.core..")
			.check(LIBRARY);
	}

	@Test
	void transactionsStayInTheDispatchPackage() {
		noClasses().that()
			.resideOutsideOfPackages(ROOT + ".dispatch", ROOT + ".autoconfigure")
			.and()
			.doNotHaveFullyQualifiedName(ROOT + ".execution.TransactionCheck")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("org.springframework.transaction..")
			.check(LIBRARY);
	}

	@Test
	void databasesStayInTheIterationPackage() {
		noClasses().that()
			.resideOutsideOfPackage(ROOT + ".iteration")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("java.sql..", "org.springframework.jdbc..", "org.springframework.data..")
			.check(LIBRARY);
	}

	@Test
	void servletsStayInTheEndpoint() {
		noClasses().that()
			.resideOutsideOfPackages(ROOT + ".delivery", ROOT + ".autoconfigure")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("jakarta.servlet..")
			.check(LIBRARY);
	}

	@Test
	void publicTypesAreADecision() {
		Map<String, Set<String>> found = LIBRARY.stream()
			.filter((type) -> type.getModifiers().contains(JavaModifier.PUBLIC) && type.isTopLevelClass())
			.filter((type) -> !type.getSimpleName().equals("package-info"))
			.collect(Collectors.groupingBy((type) -> shortName(type.getPackageName()), TreeMap::new,
					Collectors.mapping(JavaClass::getSimpleName, Collectors.toCollection(TreeSet::new))));
		Map<String, Set<String>> decided = new TreeMap<>();
		PUBLIC_TYPES.forEach((name, types) -> decided.put(name, new TreeSet<>(List.of(types.split(" ")))));
		assertThat(found).isEqualTo(decided);
	}

	@Test
	void everyPackageIsNullMarked() throws ClassNotFoundException {
		for (String name : MAY_USE.keySet()) {
			String packageName = name.isEmpty() ? ROOT : ROOT + "." + name;
			assertThat(Class.forName(packageName + ".package-info").isAnnotationPresent(NullMarked.class))
				.as(packageName)
				.isTrue();
		}
	}

	@Test
	void noPackageIsADrawer() {
		assertThat(LIBRARY).extracting(JavaClass::getPackageName)
			.noneMatch((name) -> Arrays.asList(name.split("\\."))
				.stream()
				.anyMatch(List.of("util", "utils", "impl", "common", "helper", "helpers", "manager",
						"internal")::contains));
	}

	@Test
	void autoConfigurationsAreFinalAndPublicWithoutPublicMembers() {
		classes().that()
			.areAnnotatedWith(AutoConfiguration.class)
			.should()
			.haveModifier(JavaModifier.FINAL)
			.andShould()
			.bePublic()
			.check(LIBRARY);
		noMethods().that()
			.areDeclaredInClassesThat()
			.areAnnotatedWith(AutoConfiguration.class)
			.should()
			.bePublic()
			.check(LIBRARY);
		fields().that()
			.areDeclaredInClassesThat()
			.areAnnotatedWith(AutoConfiguration.class)
			.should()
			.bePrivate()
			.allowEmptyShould(true)
			.check(LIBRARY);
	}

	@Test
	void autoConfigurationsAreRegistered() throws java.io.IOException {
		Set<String> declared = LIBRARY.stream()
			.filter((type) -> type.isAnnotatedWith(AutoConfiguration.class))
			.map(JavaClass::getName)
			.collect(Collectors.toCollection(TreeSet::new));
		// Imported by an annotation on a test class only.
		declared.remove(ROOT + ".test.JobsTesterAutoConfiguration");
		assertThat(imports("org.springframework.boot.autoconfigure.AutoConfiguration"))
			.containsExactlyElementsOf(declared);
		assertThat(imports(ROOT + ".test.AutoConfigureJobsTester")).containsExactly(
				ROOT + ".adapter.test.TestJobAutoConfiguration", ROOT + ".autoconfigure.JobsAutoConfiguration",
				ROOT + ".test.JobsTesterAutoConfiguration");
	}

	private static List<String> imports(String name) throws java.io.IOException {
		try (var in = ArchitectureTests.class.getResourceAsStream("/META-INF/spring/" + name + ".imports")) {
			assertThat(in).isNotNull();
			return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8).lines()
				.filter((line) -> !line.isBlank() && !line.startsWith("#"))
				.toList();
		}
	}

	@Test
	void beanMethodsAreNotPublic() {
		methods().that()
			.areAnnotatedWith(Bean.class)
			.should(ArchConditions.not(ArchConditions.bePublic()))
			.check(LIBRARY);
	}

	@Test
	void classConditionsAreOnClassesOnly() {
		noMethods().should().beAnnotatedWith(ConditionalOnClass.class).check(LIBRARY);
	}

	@Test
	void propertiesAreRecords() {
		classes().that().areAnnotatedWith(ConfigurationProperties.class).should().beRecords().check(LIBRARY);
	}

	@Test
	void classesThatNobodyExtendsAreFinal() {
		Set<String> open = new TreeSet<>();
		for (JavaClass type : LIBRARY) {
			boolean closed = type.getModifiers().contains(JavaModifier.FINAL)
					|| type.getModifiers().contains(JavaModifier.ABSTRACT) || type.isInterface() || type.isEnum();
			if (!closed && !type.isAssignableTo(Throwable.class) && !type.isAnonymousClass()
					&& !type.isAssignableTo(ObservationConvention.class)
					&& !type.isAnnotatedWith(org.springframework.context.annotation.Configuration.class)) {
				open.add(type.getName());
			}
		}
		assertThat(open).isEmpty();
	}

	@Test
	void instanceFieldsOfSharedObjectsAreFinalOrVolatileOrGuarded() {
		fields().that().areDeclaredInClassesThat().areRecords().should().beFinal().check(LIBRARY);
		fields().that().areStatic().should().beFinal().check(LIBRARY);
	}

	@Test
	void nothingIsPrinted() {
		NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(LIBRARY);
	}

	@Test
	void nothingUsesTheJdksLogging() {
		NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING.check(LIBRARY);
	}

	@Test
	void nothingUsesJackson2() {
		noClasses().should()
			.dependOnClassesThat()
			.resideInAnyPackage("com.fasterxml.jackson.databind..", "com.fasterxml.jackson.core..")
			.check(LIBRARY);
	}

	@Test
	void nothingUsesTheSampleOrMoreTestLibrariesThanItMust() {
		noClasses().should()
			.dependOnClassesThat()
			.resideInAnyPackage(ROOT + ".sample..", "org.mockito..", "org.awaitility..",
					"org.springframework.boot.test..")
			.check(LIBRARY);
	}

	@Test
	void testLibrariesStayInTheTestPackage() {
		noClasses().that()
			.resideOutsideOfPackage(ROOT + ".test")
			.or()
			.haveSimpleName("TestJobBackend")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("org.junit..", "org.assertj..", "org.springframework.test..")
			.check(LIBRARY);
	}

	@Test
	void onlyTheClockTellsTheTime() {
		noClasses().should()
			.callMethod(java.time.Instant.class, "now")
			.orShould()
			.callMethod(System.class, "currentTimeMillis")
			.check(LIBRARY);
	}

	private static String shortName(String packageName) {
		return packageName.equals(ROOT) ? "" : packageName.substring(ROOT.length() + 1);
	}

}
