package org.hone.spark.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A round as Llama 2 counts versions: {@code v3} is the third. */
final class RoundNumber implements ITypeConverter<Integer> {
    private static final Pattern VERSION = Pattern.compile("[vV]?([1-9][0-9]{0,2})");

    @Override
    public Integer convert(String value) {
        Matcher version = VERSION.matcher(value);
        if (!version.matches()) {
            throw new TypeConversionException("got '" + value + "', expected a round such as v1 or v4");
        }
        return Integer.valueOf(version.group(1));
    }
}
