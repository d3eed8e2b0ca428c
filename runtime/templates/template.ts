import type { FlowBundle } from '@millrace/flow';
import type { FlowServices } from '../flows/services.ts';
import type { ShippedTemplate } from './shipped.ts';

/** What templates stand on: the flow services, and the templates that come with Millrace. */
export type TemplateServices = FlowServices & { readonly shipped: () => readonly ShippedTemplate[] };

/** Who may see a template: its own tenant, the tenants of these slugs besides, or every tenant of the instance. */
export type Audience = 'own' | 'everybody' | readonly string[];

/** A template as it is listed. */
export interface Template {
  /** Of one that comes with Millrace its flow's id; of others `<slug of the publisher>/<flow>`. */
  readonly id: string;
  readonly name: string;
  /** One paragraph. */
  readonly summary: string | null;
  /** Markdown. */
  readonly description: string;
  /** Slug of the tenant that publishes it; null of one that comes with Millrace. */
  readonly publisher: string | null;
  /** The newest. */
  readonly version: string;
  /** Null to all but the publisher. */
  readonly audience: Audience | null;
  /** Then nobody but its publisher sees it. */
  readonly withdrawn: boolean;
}

/** A version of a template, for people. */
export interface TemplateVersion {
  /** As its publisher numbers them: `2`, `1.4`. */
  readonly version: string;
  /** Name of the version of the flow that it is (a hash). */
  readonly content: string;
  readonly changelog: string;
  /** Null of one that comes with Millrace. */
  readonly publishedAt: Date | null;
}

/** What one gets. */
export interface OfferedVersion extends Pick<TemplateVersion, 'version' | 'content'> {
  readonly bundle: FlowBundle;
}
