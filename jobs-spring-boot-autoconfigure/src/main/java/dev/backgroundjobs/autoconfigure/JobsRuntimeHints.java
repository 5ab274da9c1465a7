package dev.backgroundjobs.autoconfigure;

import java.lang.reflect.Method;

import dev.backgroundjobs.EnqueuedJob;
import dev.backgroundjobs.message.KeyMaterial;
import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.ExecutableMode;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.util.ClassUtils;

/**
 * What is reached by reflection or name whatever jobs there are.
 */
final class JobsRuntimeHints implements RuntimeHintsRegistrar {

	@Override
	public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
		hints.resources().registerPattern(BackendCatalog.LOCATION);
		// The binder makes keys of text with their factory method, which its own hints
		// leave out.
		Method key = ClassUtils.getMethod(KeyMaterial.class, "of", String.class);
		hints.reflection().registerMethod(key, ExecutableMode.INVOKE);
		// Applications store it as JSON.
		new BindingReflectionHintsRegistrar().registerReflectionHints(hints.reflection(), EnqueuedJob.class);
	}

}
