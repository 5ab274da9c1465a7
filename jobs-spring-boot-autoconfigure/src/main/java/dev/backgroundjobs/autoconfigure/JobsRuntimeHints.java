package dev.backgroundjobs.autoconfigure;

import java.lang.reflect.Method;

import dev.backgroundjobs.EnqueuedJob;
import dev.backgroundjobs.iteration.KeyCursor;
import dev.backgroundjobs.iteration.NestedCursor;
import dev.backgroundjobs.iteration.PageCursor;
import dev.backgroundjobs.iteration.ScrollCursor;
import dev.backgroundjobs.message.KeyMaterial;
import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.ExecutableMode;
import org.springframework.aot.hint.MemberCategory;
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
		BindingReflectionHintsRegistrar binding = new BindingReflectionHintsRegistrar();
		// Applications store it as JSON.
		binding.registerReflectionHints(hints.reflection(), EnqueuedJob.class);
		// Cursors of ready-made sources, which travel as JSON.
		binding.registerReflectionHints(hints.reflection(), KeyCursor.class, ScrollCursor.class, PageCursor.class,
				NestedCursor.class);
		// Read and made by themselves, which the binder of properties does not see.
		hints.reflection().registerType(KeyCursor.class, MemberCategory.INVOKE_DECLARED_METHODS);
	}

}
