package dev.backgroundjobs;

import java.time.Instant;

import com.fasterxml.jackson.annotation.JsonInclude.Include;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The object of an event as a job's argument, which an application's mapper writes.
 */
class StorageObjectTests {

	@Test
	void comesBackFromAMapperThatLeavesOutWhatIsEmpty() {
		JsonMapper mapper = JsonMapper.builder()
			.changeDefaultPropertyInclusion((value) -> value.withValueInclusion(Include.NON_EMPTY))
			.propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
			.build();
		StorageObject object = new StorageObject(StorageObject.GOOGLE, "invoices", "a.docx", "", -1, null,
				Instant.EPOCH);
		String json = mapper.writeValueAsString(object);
		assertThat(json).doesNotContain("generation");
		assertThat(mapper.readValue(json, StorageObject.class)).isEqualTo(object);
	}

}
