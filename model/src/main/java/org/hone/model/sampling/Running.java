package org.hone.model.sampling;

/** A response under way, and the request that it belongs to. */
record Running<T>(Family<T> family, Response response) {}
