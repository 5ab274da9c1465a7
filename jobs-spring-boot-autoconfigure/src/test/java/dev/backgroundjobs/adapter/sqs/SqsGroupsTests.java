package dev.backgroundjobs.adapter.sqs;

import java.util.List;

import dev.backgroundjobs.delivery.Delivery;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SqsGroupsTests {

	private final SqsReceived first = message("a1", "a", 0);

	private final SqsReceived second = message("a2", "a", 0);

	private final SqsReceived third = message("a3", "a", 0);

	private final SqsReceived other = message("b1", "b", 0);

	private final SqsGroups groups = new SqsGroups();

	@Test
	void runsTheFirstOfEachGroupAndAllWithoutOne() {
		SqsReceived free = message("1", null, 0);
		SqsReceived freeToo = message("2", null, 0);
		assertThat(this.groups.arrive(List.of(this.first, free, this.second, this.other, freeToo)))
			.containsExactly(this.first, free, this.other, freeToo);
	}

	@Test
	void knowsWhoWaitsBeforeTheFirstCanFail() {
		for (SqsReceived now : this.groups.arrive(List.of(this.first, this.second, this.other, this.third))) {
			assertThat(this.groups.abandon(now)).as("those after %s", now.messageId())
				.isEqualTo(now.equals(this.first) ? List.of(this.second, this.third) : List.of());
		}
	}

	@Test
	void runsOneAfterTheOtherAndForgetsTheGroup() {
		this.groups.arrive(List.of(this.first, this.second));
		assertThat(this.groups.arrive(List.of(this.third))).isEmpty();
		assertThat(this.groups.next(this.first)).isEqualTo(this.second);
		assertThat(this.groups.next(this.second)).isEqualTo(this.third);
		assertThat(this.groups.next(this.third)).isNull();
		assertThat(this.groups.arrive(List.of(this.second))).containsExactly(this.second);
	}

	@Test
	void doesNotCountTheTimesThatAMessageWasNotRun() {
		this.groups.arrive(List.of(this.first, this.second));
		this.groups.abandon(this.first);
		SqsReceived again = this.groups.counted(message("a2", "a", 1));
		assertThat(again.deliveries()).singleElement().extracting(Delivery::redeliveries).isEqualTo(0);
		SqsReceived failed = this.groups.counted(message("a1", "a", 1));
		assertThat(failed.deliveries()).singleElement().extracting(Delivery::redeliveries).isEqualTo(1);
	}

	private static SqsReceived message(String id, @Nullable String group, int redeliveries) {
		return new SqsReceived(id, id, group, List.of(Delivery.pulled(new byte[0], "sqs", true, redeliveries)), 0);
	}

}
