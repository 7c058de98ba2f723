/** What crosses between pods: publications, their positions, and the port that carries them. */
@NullMarked
package io.lightline.backplane;

import org.jspecify.annotations.NullMarked;
