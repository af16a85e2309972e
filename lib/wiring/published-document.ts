/** docs/openapi.json as it is published with the package. */
export async function publishedDocument(): Promise<object> {
  return (await import('../../docs/openapi.json', { with: { type: 'json' } })).default;
}
