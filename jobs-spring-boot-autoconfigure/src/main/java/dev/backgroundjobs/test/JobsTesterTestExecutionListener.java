package dev.backgroundjobs.test;

import org.springframework.test.context.TestContext;
import org.springframework.test.context.TestContextAnnotationUtils;
import org.springframework.test.context.support.AbstractTestExecutionListener;

/**
 * Gives each test with {@link AutoConfigureJobsTester} its turn with the context's
 * {@link JobsTester}, and empties that after the test.
 */
final class JobsTesterTestExecutionListener extends AbstractTestExecutionListener {

	private static final String TESTER = JobsTesterTestExecutionListener.class.getName() + ".tester";

	// After a test, listeners are called in reverse order: the transaction of the test
	// (4000) ends first, and @DirtiesContext (3000) closes the context last.
	private static final int ORDER = 3500;

	@Override
	public int getOrder() {
		return ORDER;
	}

	@Override
	public void beforeTestMethod(TestContext test) throws InterruptedException {
		if (TestContextAnnotationUtils.hasAnnotation(test.getTestClass(), AutoConfigureJobsTester.class)) {
			JobsTester tester = test.getApplicationContext().getBean(JobsTester.class);
			tester.begin();
			test.setAttribute(TESTER, tester);
		}
	}

	@Override
	public void afterTestMethod(TestContext test) {
		if (test.removeAttribute(TESTER) instanceof JobsTester tester) {
			tester.end();
		}
	}

}
