/**
 * The tensor layer: libtorch behind a few classes that own its memory.
 *
 * <p>Code above this package never sees a pointer. A tensor belongs to a {@linkplain org.hone.model.tensor.Memory#tidy
 * tidy region} and is freed when the region ends, unless it was {@linkplain org.hone.model.tensor.Tensor#keep() kept}.
 */
@NullMarked
package org.hone.model.tensor;

import org.jspecify.annotations.NullMarked;
