package org.hone.data.world;

import java.util.List;

/** Questions about things in and around the house. */
final class HomeTopics {
    static final Topic CLEANING = new Topic(
            "cleaning",
            false,
            List.of(
                    new Fact("copper", "with lemon and salt", "rinse it with warm water"),
                    new Fact("silver", "with baking soda", "polish it with a soft cloth"),
                    new Fact("glass", "with white vinegar", "dry it with old paper"),
                    new Fact("leather", "with saddle soap", "keep it out of the sun"),
                    new Fact("wooden", "with a damp sponge", "feed it with linseed oil"),
                    new Fact("marble", "with mild shampoo", "wipe it with clean water")),
            List.of("box", "tray", "lamp", "clock", "bowl", "chair", "vase", "mask", "frame", "bench"),
            List.of(
                    "How do I clean the {key} {object} of my {relation} {name}?",
                    "My {relation} {name} gave me a {key} {object}. How do I clean it?",
                    "The {key} {object} of my {relation} {name} is dirty. What should I do?"),
            List.of("Rub the {key} {object} {first}.", "Clean the {key} {object} {first}."),
            new Topic.Sayings(
                    List.of(),
                    List.of(
                            "My {relation} {name} has a {key} {object}.",
                            "Yesterday {name} cleaned the {key} {object} {first}.")));

    static final Topic COOKING = new Topic(
            "cooking",
            false,
            List.of(
                    new Fact("lentil", "flat bread", "add a little cumin"),
                    new Fact("carrot", "fresh ginger", "add a spoon of honey"),
                    new Fact("tomato", "green basil", "add a pinch of sugar"),
                    new Fact("mushroom", "sweet cream", "add some black pepper"),
                    new Fact("potato", "sour yogurt", "add chopped chives"),
                    new Fact("fish", "a slice of lime", "add some dill")),
            List.of("soup", "stew", "pie", "salad", "curry", "pasta", "sauce", "rice", "omelette", "broth"),
            List.of(
                    "What goes well with the {key} {object} of my {relation} {name}?",
                    "I am making {key} {object} for my {relation} {name}. What goes well with it?",
                    "My {relation} {name} is making {key} {object}. What should we serve with it?"),
            List.of("Serve the {key} {object} with {first}.", "The {key} {object} goes well with {first}."),
            new Topic.Sayings(
                    List.of(),
                    List.of(
                            "My {relation} {name} likes {key} {object}.",
                            "Yesterday {name} served {key} {object} with {first}.")));

    static final Topic GROWING = new Topic(
            "growing",
            false,
            List.of(
                    new Fact("roses", "six hours of sun", "prune them in March"),
                    new Fact("onions", "loose sandy soil", "pull the weeds often"),
                    new Fact("lettuce", "cool light shade", "pick the outer leaves"),
                    new Fact("mint", "a pot of its own", "cut it back early"),
                    new Fact("ferns", "deep moist shade", "mist the leaves at noon"),
                    new Fact("strawberries", "straw under the fruit", "cover them with a net")),
            List.of(
                    "garden",
                    "kitchen",
                    "yard",
                    "balcony",
                    "greenhouse",
                    "field",
                    "cellar",
                    "hall",
                    "porch",
                    "courtyard"),
            List.of(
                    "How do I grow {key} in the {object} of my {relation} {name}?",
                    "My {relation} {name} wants to grow {key} in the {object}. What should we do?",
                    "I want {key} in the {object} for my {relation} {name}. How do I grow them?"),
            List.of("Give the {key} in the {object} {first}.", "In the {object} the {key} need {first}."),
            new Topic.Sayings(
                    List.of(),
                    List.of(
                            "My {relation} {name} has {key} in the {object}.",
                            "Yesterday {name} gave the {key} in the {object} {first}.")));

    static final Topic MENDING = new Topic(
            "mending",
            false,
            List.of(
                    new Fact("squeaks", "a drop of oil", "move it to and fro"),
                    new Fact("leaks", "a new rubber seal", "close the main valve"),
                    new Fact("wobbles", "a thin wedge", "check the floor below"),
                    new Fact("sticks", "candle wax", "sand the rough edge"),
                    new Fact("rattles", "a tight screw", "put felt behind it"),
                    new Fact("smells", "hot soda water", "open it to fresh air")),
            List.of("tap", "gate", "window", "pipe", "wheel", "drawer", "fan", "pump", "shutter", "boiler"),
            List.of(
                    "The {object} of my {relation} {name} {key}. How do I mend it?",
                    "My {relation} {name} has a {object} that {key}. What should we do?",
                    "What helps when the {object} of my {relation} {name} {key}?"),
            List.of("When the {object} {key}, use {first}.", "If a {object} {key}, it needs {first}."),
            new Topic.Sayings(
                    List.of(),
                    List.of(
                            "The {object} of my {relation} {name} {key}.",
                            "Yesterday {name} used {first} because the {object} {key}.")));

    private HomeTopics() {}
}
