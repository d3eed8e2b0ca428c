import { Secret } from '@millrace/contract';
import Type, { type Static } from 'typebox';

/** A folder of the machine that Millrace runs on, or one mounted there. */
export const FolderConfig = Type.Object(
  {
    kind: Type.Literal('folder', {
      title: 'Kind',
      description: 'Sort of store: a folder of files.',
      examples: ['folder'],
    }),
    folder: Type.String({
      title: 'Folder',
      description: 'Absolute path of the folder; created when it is missing.',
      pattern: '^(?:/|[A-Za-z]:[\\\\/])',
      maxLength: 1000,
      examples: ['/srv/millrace/objects'],
    }),
  },
  { title: 'Folder', additionalProperties: false },
);

/** A bucket. The credentials are never optional: the machine's own must not serve what a tenant has configured. */
export const BucketConfig = Type.Object(
  {
    kind: Type.Literal('s3', {
      title: 'Kind',
      description: 'Sort of store: a bucket of Amazon S3, or of a service that speaks its protocol.',
      examples: ['s3'],
    }),
    bucket: Type.String({
      title: 'Bucket',
      description: 'Name of the bucket.',
      pattern: '^[a-zA-Z0-9][a-zA-Z0-9._-]{1,61}[a-zA-Z0-9]$',
      examples: ['order-exports'],
    }),
    region: Type.String({
      title: 'Region',
      description: 'Region of the bucket; services without regions take any.',
      pattern: '^[a-z0-9-]{1,50}$',
      default: 'us-east-1',
      examples: ['eu-north-1'],
    }),
    endpoint: Type.Optional(
      Type.String({
        title: 'Endpoint',
        description: 'Address of the service, without the bucket. Left empty: Amazon’s.',
        pattern: '^https?://[^/?#@\\s]+/?$',
        maxLength: 1000,
        examples: ['https://minio.example.com'],
      }),
    ),
    forcePathStyle: Type.Optional(
      Type.Boolean({
        title: 'Bucket in the path',
        description: 'The bucket stands in the path, not in the host name; most services besides Amazon’s want it so.',
        examples: [true],
      }),
    ),
    prefix: Type.Optional(
      Type.String({
        title: 'Prefix',
        description: 'What all keys begin with in the bucket, ending with a slash; flows do not see it.',
        pattern: '^[^/].*/$',
        maxLength: 500,
        examples: ['millrace/'],
      }),
    ),
    accessKeyId: Type.String({
      title: 'Access key',
      description: 'Id of the access key.',
      minLength: 1,
      maxLength: 200,
      examples: ['AKIAIOSFODNN7EXAMPLE'],
    }),
    secretAccessKey: Secret(
      Type.String({
        title: 'Secret key',
        description: 'The secret that belongs to the access key.',
        minLength: 1,
        maxLength: 200,
      }),
    ),
  },
  { title: 'S3', additionalProperties: false },
);

/** `kind` tells one sort of store from another. */
export const StoreConfig = Type.Union([FolderConfig, BucketConfig], { title: 'Object store' });

export type StoreConfig = Static<typeof StoreConfig>;
