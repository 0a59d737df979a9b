package org.hone.spark.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.MathContext;
import org.hone.spark.evaluation.Interval;
import org.jspecify.annotations.Nullable;

/** Figures as the page reads them. */
final class Json {
    /** Below what means of Spark differ in when partitions are added up in another order, and more than a page shows. */
    private static final MathContext DIGITS = new MathContext(6);

    private Json() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static ArrayNode array() {
        return JsonNodeFactory.instance.arrayNode();
    }

    /** A number of six digits; null where there is none, or none that is finite. */
    static JsonNode number(@Nullable Number value) {
        return value == null || !Double.isFinite(value.doubleValue())
                ? NullNode.instance
                : DoubleNode.valueOf(
                        new BigDecimal(value.doubleValue()).round(DIGITS).doubleValue());
    }

    /** A figure with the ends of its interval. */
    static ArrayNode interval(double value, double low, double high) {
        return array().add(number(value)).add(number(low)).add(number(high));
    }

    /** A mean with its 95 % interval by the normal approximation; the interval has no ends where nothing says how wide it is. */
    static ArrayNode mean(double value, @Nullable Double standardError) {
        Interval interval = Interval.ofMean(value, standardError == null ? Double.NaN : standardError);
        return interval(value, interval.low(), interval.high());
    }
}
