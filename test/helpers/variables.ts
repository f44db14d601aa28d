/** Sets and removes variables of a deployment for tests. */
export async function changeVariables(
  { url, adminKey }: { url: string; adminKey: string },
  values: Readonly<Record<string, string | null>>,
): Promise<void> {
  const changes = Object.entries(values).map(([name, value]) => ({ name, value }))
  const response = await fetch(`${url}/api/update_environment_variables`, {
    method: 'POST',
    headers: { authorization: `Convex ${adminKey}` },
    body: JSON.stringify({ changes }),
  })
  if (!response.ok) throw new Error(await response.text())
}
