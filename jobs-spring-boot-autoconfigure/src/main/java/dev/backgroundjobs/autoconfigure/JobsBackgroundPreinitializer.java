package dev.backgroundjobs.autoconfigure;

import java.util.List;
import java.util.Map;

import dev.backgroundjobs.message.ArgumentCodec;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.autoconfigure.preinitialize.BackgroundPreinitializer;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/**
 * Does for the first time, while Spring Boot is still busy with other things, what takes
 * longest in the start of an application with jobs: the binding of properties and the
 * check of arguments. What comes of it is thrown away, the classes stay loaded. Spring
 * Boot runs this on a thread of its own, where there are two processors or more.
 */
final class JobsBackgroundPreinitializer implements BackgroundPreinitializer {

	@Override
	public void preinitialize() throws NoSuchMethodException {
		new Binder(new MapConfigurationPropertySource(Map.of())).bindOrCreate("jobs", JobsProperties.class);
		new ArgumentCodec(JsonMapper.builder().build())
			.binding("any", Example.class, Example.class.getDeclaredMethod("run", Argument.class))
			.check();
	}

	private record Argument(String text, int number, List<String> list) {
	}

	private static final class Example {

		@SuppressWarnings("unused")
		void run(Argument argument) {
		}

	}

}
