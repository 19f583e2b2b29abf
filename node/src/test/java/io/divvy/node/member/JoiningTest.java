package io.divvy.node.member;

import static org.assertj.core.api.Assertions.assertThat;

import io.divvy.node.member.Entry.Life;
import io.divvy.node.member.Entry.State;
import io.divvy.node.member.Joining.Contact;
import io.divvy.node.member.Joining.Decision;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class JoiningTest {
  private static final String FIRST = "127.0.0.1:1";
  private static final String SECOND = "127.0.0.1:2";
  private static final String AFAR = "10.0.0.5:3";

  @Test
  void whoKnowsNobodyFounds() {
    assertThat(decide()).isEqualTo(Decision.Found.INSTANCE);
  }

  @Test
  void whoKnowsMembersThatAnswerJoinsThroughThem() {
    assertThat(
            decide(
                other(FIRST, State.UP, Life.ALIVE, Contact.ANSWERS),
                other(AFAR, State.UP, Life.UNKNOWN, Contact.ANSWERS)))
        .isEqualTo(new Decision.JoinThrough(List.of(FIRST, AFAR)));
  }

  @Test
  void aMemberThatCameUpSinceTheLookIsTried() {
    assertThat(decide(other(FIRST, State.UP, Life.ALIVE, Contact.NOT_TRIED)))
        .isEqualTo(new Decision.JoinThrough(List.of(FIRST)));
  }

  @Test
  void afterTheFirstWasKilledItJoinsThroughTheOthers() {
    assertThat(
            decide(
                other(FIRST, State.UP, Life.DEAD, Contact.REFUSED),
                other(SECOND, State.UP, Life.ALIVE, Contact.ANSWERS)))
        .isEqualTo(new Decision.JoinThrough(List.of(SECOND)));
  }

  @Test
  void whenAllAreDeadItFounds() {
    assertThat(decide(other(FIRST, State.UP, Life.DEAD, Contact.NOT_TRIED)))
        .isEqualTo(Decision.Found.INSTANCE);
  }

  @Test
  void othersThatStillJoinAreNoObstacle() {
    assertThat(decide(other(FIRST, State.JOINING, Life.ALIVE, Contact.NOT_TRIED)))
        .isEqualTo(Decision.Found.INSTANCE);
  }

  @ParameterizedTest
  @EnumSource(names = {"REFUSED", "SILENT", "STUCK"})
  void aLivingMemberThatDoesNotAnswerIsWaitedFor(Contact contact) {
    Joining.Other member = other(FIRST, State.UP, Life.ALIVE, contact);
    assertThat(decide(member)).isInstanceOf(Decision.Wait.class);
    assertThat(Joining.decide(List.of(), true, List.of(member))).isEqualTo(Decision.Found.INSTANCE);
  }

  @Test
  void theWaitNamesWhoSinceWhenAndWhatToDo() {
    assertThat(decide(other(FIRST, State.UP, Life.ALIVE, Contact.STUCK)))
        .asString()
        .contains("n1 at 127.0.0.1:1 (pid 7, since ", "listens but does not answer", "--found");
  }

  @Test
  void aMemberOnAnotherMachineThatDoesNotAnswerIsWaitedFor() {
    assertThat(decide(other(AFAR, State.UP, Life.UNKNOWN, Contact.REFUSED)))
        .isInstanceOf(Decision.Wait.class);
  }

  @Test
  void aMemberThatListensOnlyToItsOwnMachineElsewhereIsNoObstacle() {
    assertThat(decide(other(FIRST, State.UP, Life.UNKNOWN, Contact.REFUSED)))
        .isEqualTo(Decision.Found.INSTANCE);
  }

  @Test
  void foundIsOnlyForWhenNobodyAnswers() {
    assertThat(
            Joining.decide(
                List.of(), true, List.of(other(FIRST, State.UP, Life.ALIVE, Contact.ANSWERS))))
        .isEqualTo(new Decision.JoinThrough(List.of(FIRST)));
  }

  @Test
  void whoIsToldWhomToJoinNeverFounds() {
    assertThat(Joining.decide(List.of(AFAR), true, List.of()))
        .isEqualTo(new Decision.JoinThrough(List.of(AFAR)));
  }

  @Test
  void whoDidNotAnswerIsToldByWhatItsPortDoes() {
    assertThat(Joining.unanswered(Map.of(FIRST, Contact.REFUSED)))
        .isEqualTo("nobody listens at 127.0.0.1:1");
    assertThat(Joining.unanswered(Map.of(FIRST, Contact.STUCK)))
        .isEqualTo("something listens at 127.0.0.1:1, but it does not answer as a Divvy node");
  }

  private static Joining.Other other(String address, State state, Life life, Contact contact) {
    return new Joining.Other(new Entry("n1", address, 7, "s", "m", 0, state), life, contact);
  }

  private static Decision decide(Joining.Other... others) {
    return Joining.decide(List.of(), false, Stream.of(others).toList());
  }
}
