package io.github.pixelwise.examples.spring;

import io.github.pixelwise.imaging.UnreadablePictureException;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Tells clients what is wrong with their photo. */
@RestControllerAdvice
class PhotoErrors {
  @ExceptionHandler
  ProblemDetail unreadable(UnreadablePictureException e) {
    HttpStatus status =
        switch (e.reason()) {
          case EMPTY -> HttpStatus.BAD_REQUEST;
          case UNSUPPORTED -> HttpStatus.UNSUPPORTED_MEDIA_TYPE;
          case TOO_LARGE -> HttpStatus.CONTENT_TOO_LARGE;
          default -> HttpStatus.UNPROCESSABLE_CONTENT;
        };
    return ProblemDetail.forStatusAndDetail(status, e.getMessage());
  }
}
