package dev.backgroundjobs.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;

/**
 * Put on a test class, sends the jobs of every queue to the {@code test} backend, delayed
 * and dead ones too, whatever the properties say, and offers a {@link JobsTester} bean
 * that shows and runs them. Nothing is taken from any other backend: no {@code JobWorker}
 * is started.
 * <p>
 * Works with {@code @SpringBootTest} and, since it brings the {@code JobDispatcher}
 * along, with slices such as {@code @WebMvcTest}. Needs {@code spring-boot-starter-test}.
 * <p>
 * The tester is emptied after each test, its clock included. Tests that share an
 * application context share the tester: when they are run in parallel they take turns, a
 * whole test method each.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@ImportAutoConfiguration
public @interface AutoConfigureJobsTester {

}
