/** A bucket, or a part of one, in any storage that speaks S3. */
export interface S3Config {
  readonly bucket: string;
  readonly region: string;
  /** Address of the service without the bucket (`https://minio.example.com`); Amazon's where absent. */
  readonly endpoint?: string;
  /** What all keys begin with in the bucket, for instance `millrace/`; it is not part of the keys outside. */
  readonly prefix?: string;
  /** The bucket stands in the path, not in the host name: what most services besides Amazon's want. */
  readonly forcePathStyle?: boolean;
  /** Where absent, those of the machine (environment, profile, role): never for what a tenant has configured. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}
