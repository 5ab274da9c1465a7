package dev.backgroundjobs.autoconfigure;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Sends every queue to one backend, whatever the properties say, and starts no
 * {@code JobWorker}: for tests. No property, so that no property source that comes late
 * can have another opinion, and no production setting can switch it on.
 *
 * @param backend the backend's name
 */
public record BackendOverride(String backend) {

	private static final String BEAN_NAME = BackendOverride.class.getName();

	/**
	 * Add this to an application context, before it is refreshed.
	 * @param beanFactory the context's bean factory
	 */
	public void register(ConfigurableListableBeanFactory beanFactory) {
		beanFactory.registerSingleton(BEAN_NAME, this);
	}

	// Asked for in conditions too, where a look-up by type would come too early.
	static @Nullable BackendOverride of(@Nullable ConfigurableListableBeanFactory beanFactory) {
		return (beanFactory != null) ? (BackendOverride) beanFactory.getSingleton(BEAN_NAME) : null;
	}

}
