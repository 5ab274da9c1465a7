package dev.backgroundjobs.adapter.aws;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.backgroundjobs.message.JobMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The jobs that AWS's events start: the same one however often and by whichever way AWS
 * tells of a change, another one for another change.
 */
class AwsEventMessagesTests {

	private static final String TAGGED = "\"key\":\"a.docx\",\"versionId\":\"v1\"";

	private final AwsEventMessages messages = new AwsEventMessages();

	private JobMessage message(String body) {
		List<JobMessage> messages = this.messages.of(body);
		assertThat(messages).hasSize(1);
		return messages.get(0);
	}

	private Set<String> ids(String... bodies) {
		return Stream.of(bodies).map((body) -> message(body).id()).collect(Collectors.toSet());
	}

	@Test
	void startsOneJobWhicheverWayAChangeIsToldOf() {
		String direct = AwsBodies.created();
		String bridged = AwsBodies.bridgedCreated();
		assertThat(ids(direct, bridged, AwsBodies.published(direct), AwsBodies.publishedToLambda(direct),
				AwsBodies.published(bridged), AwsBodies.publishedToLambda(bridged)))
			.hasSize(1);
	}

	@ParameterizedTest
	@CsvSource({ "ObjectRemoved:DeleteMarkerCreated,Object Deleted,deletion-type,Delete Marker Created",
			"ObjectCreated:CompleteMultipartUpload,Object Created,reason,CompleteMultipartUpload",
			"ObjectTagging:Put,Object Tags Added,reason,PutObjectTagging",
			"ObjectRestore:Completed,Object Restore Completed,requester,s3.amazonaws.com" })
	void startsOneJobForEachKindOfChange(String name, String detailType, String field, String value) {
		String bridged = AwsBodies.bridged(detailType, "\"key\":\"a.docx\",\"version-id\":\"v1\"", "")
			.replace("\"requester\":\"123456789012\"", "\"%s\":\"%s\"".formatted(field, value));
		assertThat(ids(AwsBodies.notification(name, TAGGED), bridged)).hasSize(1);
	}

	@Test
	void startsOneJobForWhatS3RepeatsUnderAnotherRequest() {
		String direct = AwsBodies.created();
		assertThat(ids(direct, direct.replace("C3D13FE58DE4C810", "E5F13FE58DE4C812"))).hasSize(1);
	}

	@Test
	void startsAnotherJobForAnotherContentOfAnObject() {
		assertThat(ids(AwsBodies.created(), AwsBodies.created().replace("0055AED6DCD90281E5", "0055AED6DCD90281E6")))
			.hasSize(2);
	}

	@Test
	void startsAnotherJobEachTimeAVersionIsTagged() {
		String tagged = AwsBodies.notification("ObjectTagging:Put", TAGGED);
		assertThat(ids(tagged, tagged.replace("C3D13FE58DE4C810", "E5F13FE58DE4C812"))).hasSize(2);
	}

	@Test
	void startsAnotherJobForEachObjectThatOneRequestRemoves() {
		String one = AwsBodies.notification("ObjectRemoved:Delete", "\"key\":\"a.docx\"");
		assertThat(ids(one, one.replace("a.docx", "b.docx"))).hasSize(2);
	}

	@Test
	void startsOneJobForARecordWithoutAnythingToTellItByThatComesAgain() {
		String bare = "{\"Records\":[{\"eventSource\":\"aws:s3\",\"eventName\":\"ObjectCreated:Put\","
				+ "\"s3\":{\"bucket\":{\"name\":\"b\"},\"object\":{\"key\":\"a.docx\"}}}]}";
		assertThat(ids(bare, bare)).hasSize(1);
		assertThat(ids(bare, bare.replace("a.docx", "b.docx"))).hasSize(2);
	}

	@Test
	void keepsTheIdOfTheEvent() {
		assertThat(message(AwsBodies.created()).headers()).containsEntry("ce-id",
				"aws/invoices/in/2026/Müller & Söhne +1.docx/0055AED6DCD90281E5/com.amazonaws.s3.ObjectCreated:Put");
	}

	@Test
	void givesAJobWhatIsPublished() {
		assertThat(message(AwsBodies.published("{\"number\":7}")).args()).isEqualTo("[{\"number\":7}]");
	}

	@Test
	void givesAJobTheDetailOfEventBridge() {
		assertThat(message(AwsBodies.custom()).args()).isEqualTo("[{\"number\":7}]");
	}

	@Test
	void startsNothingForTheTestOfS3() {
		assertThat(this.messages.of(AwsBodies.test())).isEmpty();
	}

}
