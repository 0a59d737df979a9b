package org.hone.data.importer.scored;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.hone.data.dialogue.Role;
import org.hone.data.dialogue.Turn;
import org.hone.data.importer.Imported;
import org.hone.data.importer.QuarantineReason;
import org.hone.data.importer.record.Candidate;
import org.hone.data.importer.record.Field;
import org.hone.data.importer.record.Prompts;
import org.hone.data.importer.record.RatingScale;
import org.hone.data.importer.record.Refusal;
import org.hone.data.importer.record.Shape;
import org.hone.data.importer.record.Shape.Kind;
import org.hone.data.importer.record.ShapedFormat;
import org.jspecify.annotations.Nullable;

/**
 * OpenAssistant's message trees (arXiv 2304.07327): {@code prompt} is a message, a message has {@code text},
 * {@code role} (prompter or assistant), {@code replies}, and {@code rank} where its siblings were ranked, 0 the best.
 *
 * <p>Of the assistant's replies to one message every two are a comparison, with the thread above them as the prompt.
 * Two of different rank are a preference; the distance of the ranks rates it: 1 slightly better, 2 better, 3 or more
 * significantly better. Where a rank is missing or two are equal there is nothing to compare. The prompter's replies
 * are ranked too, in some trees, but they are no responses. A reply that is deleted, or that its reviewers rejected
 * ({@code review_result} false), makes its comparisons withdrawn; what hangs under a message that is deleted, rejected
 * or no text is not followed, and is one refusal. A tree that was aborted, or halted by a moderator, is withdrawn as a whole. Every language is
 * imported: which to keep is for curation to say.
 */
public record OpenAssistant() implements ShapedFormat {
    private static final RatingScale SCALE = new RatingScale(3, 2, 1);

    @Override
    public String name() {
        return "oasst";
    }

    @Override
    public Shape shape() {
        return Shape.texts("message_tree_id").with(Kind.NESTED, "prompt");
    }

    @Override
    public List<Imported> meaning(Field record, String source) throws Refusal {
        String state = record.label("tree_state");
        if (state != null && (state.startsWith("aborted") || state.startsWith("halted"))) {
            throw new Refusal(QuarantineReason.WITHDRAWN, "'tree_state' is '" + state + "'");
        }
        List<Imported> outcomes = new ArrayList<>();
        Deque<Branch> open = new ArrayDeque<>();
        open.push(new Branch(record.at("prompt"), null));
        while (!open.isEmpty()) {
            Branch thread = open.pop();
            try {
                List<Field> replies = thread.replies();
                if (!replies.isEmpty()) {
                    String withdrawn = withdrawn(thread.message());
                    if (withdrawn != null) {
                        throw new Refusal(QuarantineReason.WITHDRAWN, "replies to a message where " + withdrawn);
                    }
                    outcomes.addAll(compare(thread, replies, source));
                    for (int i = replies.size() - 1; i >= 0; i--) {
                        open.push(new Branch(replies.get(i), thread));
                    }
                }
            } catch (Refusal refusal) {
                outcomes.add(refusal.refused());
            }
        }
        return outcomes;
    }

    private static List<Imported> compare(Branch thread, List<Field> replies, String source) throws Refusal {
        List<Field> answers = new ArrayList<>();
        for (Field reply : replies) {
            if (role(reply) == Role.ASSISTANT) {
                answers.add(reply);
            }
        }
        List<Imported> outcomes = new ArrayList<>();
        if (answers.size() < 2) {
            return outcomes;
        }
        List<Turn> turns = thread.turns();
        for (int i = 0; i < answers.size(); i++) {
            for (int j = i + 1; j < answers.size(); j++) {
                try {
                    outcomes.add(compare(turns, answers.get(i), answers.get(j)).outcome(source));
                } catch (Refusal refusal) {
                    outcomes.add(refusal.refused());
                }
            }
        }
        return outcomes;
    }

    private static Candidate compare(List<Turn> turns, Field first, Field second) throws Refusal {
        for (Field answer : List.of(first, second)) {
            String withdrawn = withdrawn(answer);
            if (withdrawn != null) {
                throw new Refusal(QuarantineReason.WITHDRAWN, withdrawn);
            }
            if (!answer.has("rank")) {
                throw new Refusal(QuarantineReason.NOTHING_TO_COMPARE, "'" + answer.path() + "' has no rank");
            }
        }
        double distance = second.number("rank") - first.number("rank");
        if (distance == 0) {
            throw new Refusal(
                    QuarantineReason.NOTHING_TO_COMPARE,
                    "'" + first.path() + "' and '" + second.path() + "' have the same rank");
        }
        Field chosen = distance > 0 ? first : second;
        Field rejected = distance > 0 ? second : first;
        return new Candidate(
                Prompts.of(turns), chosen.text("text"), rejected.text("text"), SCALE.of(Math.abs(distance)));
    }

    private static @Nullable String withdrawn(Field message) {
        if (message.node().path("deleted").asBoolean(false)) {
            return "'" + message.path() + ".deleted' is true";
        }
        boolean rejected = message.has("review_result")
                && !message.node().path("review_result").asBoolean(true);
        return rejected ? "'" + message.path() + ".review_result' is false" : null;
    }

    private static Role role(Field message) throws Refusal {
        Field role = message.at("role");
        return switch (role.text()) {
            case "prompter" -> Role.USER;
            case "assistant" -> Role.ASSISTANT;
            default -> throw role.unknown("prompter or assistant");
        };
    }

    /** A message with all above it. Linked rather than copied: a tree may be one long thread. */
    private record Branch(Field message, @Nullable Branch above) {
        List<Field> replies() throws Refusal {
            return message.has("replies") ? message.items("replies") : List.of();
        }

        List<Turn> turns() throws Refusal {
            Deque<Turn> turns = new ArrayDeque<>();
            for (Branch thread = this; thread != null; thread = thread.above) {
                turns.push(new Turn(role(thread.message), thread.message.text("text")));
            }
            return List.copyOf(turns);
        }
    }
}
