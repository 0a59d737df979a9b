package org.hone.data.curation;

import java.io.Serializable;
import java.net.IDN;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Sites that nothing is taken from (recipe section 3): hosts, each with everything below it. Kept as sorted hashes. */
public final class SiteList implements Serializable {
    private static final long serialVersionUID = 1L;

    /** A list without sites. */
    public static final SiteList NONE = new SiteList(new long[0]);

    private final long[] hosts;

    private SiteList(long[] hosts) {
        this.hosts = hosts;
    }

    /**
     * Reads a list.
     *
     * @param lines a host a line; what follows a # is a comment
     * @return the list
     */
    public static SiteList of(Stream<String> lines) {
        long[] hosts = lines.map(line -> line.replaceFirst("#.*", "").strip())
                .filter(line -> !line.isEmpty())
                .mapToLong(line -> Mixing.text(host(line)))
                .sorted()
                .distinct()
                .toArray();
        return new SiteList(hosts);
    }

    /**
     * Whether an address is on the list.
     *
     * @param url the address of a document, with or without a scheme
     * @return the listed host that it is of or below
     */
    public Optional<String> match(String url) {
        String host = host(url);
        while (!host.isEmpty()) {
            if (Arrays.binarySearch(hosts, Mixing.text(host)) >= 0) {
                return Optional.of(host);
            }
            int dot = host.indexOf('.');
            host = dot < 0 ? "" : host.substring(dot + 1);
        }
        return Optional.empty();
    }

    /** Lenient on purpose: an address that no parser likes still has to be kept off the list's sites. */
    private static String host(String url) {
        int scheme = url.indexOf("://");
        String rest = scheme < 0 ? url : url.substring(scheme + 3);
        rest = rest.split("[/?#\\\\]", 2)[0];
        rest = rest.substring(rest.lastIndexOf('@') + 1).replaceFirst(":\\d*$", "");
        rest = rest.toLowerCase(Locale.ROOT).replaceFirst("\\.+$", "").replaceFirst("^(\\*\\.|\\.)", "");
        try {
            return IDN.toASCII(rest, IDN.ALLOW_UNASSIGNED);
        } catch (IllegalArgumentException e) {
            return rest;
        }
    }
}
