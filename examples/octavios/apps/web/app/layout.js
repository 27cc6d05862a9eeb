export const metadata = { title: "OctaviOS" };

export default function Layout({ children }) {
  return (
    <html lang="es">
      <body style={{ font: "16px/1.5 system-ui, sans-serif", margin: "2rem auto", maxWidth: "40rem" }}>{children}</body>
    </html>
  );
}
