/// Blobs as objects of a bucket, on any service that speaks S3. The only package that knows the AWS SDK.
@NullMarked
package io.penstock.payload.s3;

import org.jspecify.annotations.NullMarked;
