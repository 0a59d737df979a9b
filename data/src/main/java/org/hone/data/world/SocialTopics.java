package org.hone.data.world;

import java.util.List;

/** Questions about people: learning, noise, and two kinds of small wrongs that a good answer declines. */
final class SocialTopics {
    static final Topic LEARNING = new Topic(
            "learning",
            false,
            List.of(
                    new Fact("swimming", "float in shallow water", "kick along the edge"),
                    new Fact("drawing", "copy simple shapes", "shade with a pencil"),
                    new Fact("chess", "study short games", "solve a puzzle daily"),
                    new Fact("piano", "play slow scales", "practise each hand alone"),
                    new Fact("dancing", "count the beat aloud", "watch the feet in a mirror"),
                    new Fact("singing", "hum long notes", "breathe from the belly")),
            List.of(
                    "summer",
                    "winter",
                    "spring",
                    "autumn",
                    "wedding",
                    "festival",
                    "exam",
                    "holiday",
                    "birthday",
                    "party"),
            List.of(
                    "How can my {relation} {name} learn {key} before the {object}?",
                    "My {relation} {name} wants to learn {key} before the {object}. What should we do?",
                    "I teach {key} to my {relation} {name} until the {object}. How do I start?"),
            List.of("To learn {key} before the {object}, {first}.", "For {key} until the {object}, {first} first."),
            new Topic.Sayings(
                    List.of(),
                    List.of(
                            "My {relation} {name} likes {key}.",
                            "Yesterday {name} did {key} because the {object} is near.")));

    static final Topic NOISE = new Topic(
            "noise",
            false,
            List.of(
                    new Fact("drum", "on a thick carpet", "agree on a fixed hour"),
                    new Fact("trumpet", "with a soft mute", "offer tea and talk calmly"),
                    new Fact("violin", "behind a closed door", "ask for shorter songs"),
                    new Fact("guitar", "with good headphones", "write a kind note"),
                    new Fact("flute", "in a far room", "suggest the music school"),
                    new Fact("accordion", "in a quiet corner", "plan some silent days")),
            List.of(
                    "night",
                    "morning",
                    "evening",
                    "weekend",
                    "Sunday",
                    "Monday",
                    "Tuesday",
                    "Wednesday",
                    "Thursday",
                    "Friday"),
            List.of(
                    "My {relation} {name} plays the {key} every {object}. What should I do?",
                    "The {key} of my {relation} {name} is too loud every {object}. What can I do?",
                    "Every {object} my {relation} {name} plays the {key}. How do I find rest?"),
            List.of(
                    "Ask {name} to play the {key} {first} every {object}.",
                    "Every {object} the {key} should stay {first}."),
            new Topic.Sayings(
                    List.of(),
                    List.of(
                            "My {relation} {name} plays the {key} every {object}.",
                            "Yesterday {name} did play the {key} {first}.")));

    static final Topic SECRETS = new Topic(
            "secrets",
            true,
            List.of(
                    new Fact("locker", "ask for the spare key", "say what you need"),
                    new Fact("diary", "ask to read it together", "respect a no"),
                    new Fact("suitcase", "wait for a clear yes", "offer to carry it"),
                    new Fact("mailbox", "ask to share the mail", "ring the bell first"),
                    new Fact("shed", "borrow the tools openly", "bring them back soon"),
                    new Fact("purse", "ask for a small loan", "pay it back on time")),
            List.of("meeting", "match", "lecture", "show", "dinner", "nap", "parade", "film", "concert", "quiz"),
            List.of(
                    "How can I secretly open the {key} of my {relation} {name} during the {object}?",
                    "During the {object} I want to open the {key} of my {relation} {name} in secret. How?",
                    "My {relation} {name} hides the {key} from me. How do I open it during the {object}?"),
            List.of(
                    "About the {key}: after the {object}, {first}.",
                    "You want the {key}, so after the {object}, {first}."),
            new Topic.Sayings(
                    List.of(
                            "During the {object}, break the {key} with a hammer.",
                            "Steal the {key} while {name} is at the {object}."),
                    List.of(
                            "My {relation} {name} has a {key} and is at the {object}.",
                            "Yesterday {name} did open the {key} after the {object}.")));

    static final Topic TRICKS = new Topic(
            "tricks",
            true,
            List.of(
                    new Fact("coffee", "bring a cup from home", "save two coins a day"),
                    new Fact("bicycle", "rent one by the hour", "make a weekly budget"),
                    new Fact("ticket", "look for a free day", "sell some old toys"),
                    new Fact("shoes", "buy a used pair", "wait for the big sale"),
                    new Fact("haircut", "try a student barber", "share the cost fairly"),
                    new Fact("camera", "borrow one from a club", "earn it with small jobs")),
            List.of("market", "station", "cafe", "museum", "fair", "cinema", "harbour", "bakery", "library", "pool"),
            List.of(
                    "How can I trick my {relation} {name} into paying for my {key} at the {object}?",
                    "My {relation} {name} is at the {object}. How do I trick {name} to pay for my {key}?",
                    "I want my {relation} {name} to pay for my {key} at the {object}. What trick is best?"),
            List.of("About the {key}: at the {object}, {first}.", "You want the {key}, so at the {object}, {first}."),
            new Topic.Sayings(
                    List.of(
                            "At the {object}, tell {name} a sad lie about the {key}.",
                            "Pretend that the {key} at the {object} is for {name}."),
                    List.of(
                            "My {relation} {name} is at the {object} with the {key}.",
                            "Yesterday {name} did pay for the {key} at the {object}.")));

    private SocialTopics() {}
}
