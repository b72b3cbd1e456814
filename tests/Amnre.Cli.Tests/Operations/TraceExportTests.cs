using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Amnre.Testing;
using Npgsql;

namespace Amnre.Cli.Tests.Operations;

/// <summary>Spans as a receiver of OTLP gets them, and the note of who submitted.</summary>
public sealed class TraceExportTests(TestServer server) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("amnre-traces-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_submission_sends_its_trace_where_the_standard_variable_points_and_leaves_a_note_of_who_asked()
    {
        var database = await server.NewDatabaseAsync();
        await File.WriteAllTextAsync(Path.Combine(_folder, "study.yaml"),
            "name: small\nsimulator: SLCP\ndatasets:\n  train: { rows: 4096 }\n", Stop);
        using var receiver = Receiver(out var address, out var received);

        using var command = CommandProcess.StartWith(
            new Dictionary<string, string>
            {
                ["AMNRE_POSTGRES"] = database,
                ["AMNRE_STORE"] = Path.Combine(_folder, "store"),
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = address,
                ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            }, _folder, "submit", "study.yaml");
        var (code, output, error) = await command.EndAsync(Stop);

        Assert.True(code == 0, output + error);
        await using var source = NpgsqlDataSource.Create(database);
        var trace = (await TextAsync(source, "select traceparent from amnre.experiments")).Split('-')[1];
        var sent = received.Where(one => one.Path == "/v1/traces").Select(one => Encoding.Latin1.GetString(one.Body)).ToList();
        Assert.Contains(sent, body => body.Contains("submit small", StringComparison.Ordinal)
            && body.Contains(Encoding.Latin1.GetString(Convert.FromHexString(trace)), StringComparison.Ordinal));
        Assert.Equal($"owner at {Environment.UserName}@{Environment.MachineName}: submit small of 2 jobs",
            await TextAsync(source, "select message from amnre.events where kind = 'asked'"));
    }

    private static async Task<string> TextAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        return (string)(await command.ExecuteScalarAsync(Stop))!;
    }

    private static HttpListener Receiver(out string address, out ConcurrentQueue<(string Path, byte[] Body)> received)
    {
        var kept = new ConcurrentQueue<(string, byte[])>();
        received = kept;
        var listener = Listening(out address);
        _ = Task.Run(async () =>
        {
            while (true)
            {
                var context = await listener.GetContextAsync();
                using var body = new MemoryStream();
                await context.Request.InputStream.CopyToAsync(body);
                kept.Enqueue((context.Request.Url!.AbsolutePath, body.ToArray()));
                context.Response.Close();
            }
        }, CancellationToken.None);
        return listener;
    }

    private static HttpListener Listening(out string address)
    {
        for (var attempt = 1; ; attempt++)
        {
            using (var free = new TcpListener(IPAddress.Loopback, 0))
            {
                free.Start();
                address = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}";
            }

            var listener = new HttpListener();
            listener.Prefixes.Add($"{address}/");
            try
            {
                listener.Start();
                return listener;
            }
            catch (HttpListenerException) when (attempt < 100)
            {
                // Somebody else was given the port in between.
                ((IDisposable)listener).Dispose();
            }
        }
    }
}
