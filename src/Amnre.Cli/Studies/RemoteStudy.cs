using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Amnre.Engine;
using Amnre.Experiments.Plans;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Operations;
using Amnre.Jobs.Ownership;
using Amnre.Jobs.Specs;
using Amnre.Jobs.Submissions;
using Amnre.Jobs.Tracing;
using Amnre.Jobs.Views;
using Amnre.Jobs.Workers;

namespace Amnre.Cli.Studies;

/// <summary>What was submitted, by way of a scheduler's API: neither the database nor the store need be within reach.</summary>
internal sealed class RemoteStudy : IStudy
{
    /// <summary>Where the API is, and with which token it is asked; the token may be in a file instead.</summary>
    public const string UrlVariable = "AMNRE_URL", TokenVariable = "AMNRE_TOKEN", TokenFileVariable = "AMNRE_TOKEN_FILE";

    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromMinutes(5);

    private readonly HttpClient _client;
    private bool _answered;

    private RemoteStudy(HttpClient client) => _client = client;

    public string? StoreRoot => null;

    /// <summary>With the token that the environment names, else with that of a store of this user's whose scheduler is found to be
    /// there.</summary>
    /// <param name="store">The store at hand.</param>
    /// <param name="stop">Cancels.</param>
    /// <returns>Null when <see cref="UrlVariable"/> is not set.</returns>
    /// <exception cref="InputException">It is no address, or the token's file cannot be read.</exception>
    public static async Task<RemoteStudy?> FromEnvironmentAsync(string store, CancellationToken stop)
    {
        if (Environment.GetEnvironmentVariable(UrlVariable) is not { Length: > 0 } text) return null;
        if (Token() is { } token) return At(text, token);
        return await ProvenConnection.FindAsync(Address(text), OwnTokens.Known(store), stop) is { } own
            ? new RemoteStudy(Client(text, own.Text, ProvenConnection.Handler(own))) : At(text, null);
    }

    /// <exception cref="InputException">No address, or no token that can be sent.</exception>
    internal static RemoteStudy At(string text, string? token) =>
        // No cookies and no detours: a token goes to the address that was named and nowhere else.
        new(Client(text, token, new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }));

    private static Uri Address(string text)
    {
        if (!Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            throw new InputException($"{UrlVariable} '{text}' is no address of a scheduler: write it like https://node17:8080");
        return address;
    }

    private static HttpClient Client(string text, string? token, SocketsHttpHandler handler)
    {
        if (token?.Any(c => c is < ' ' or > '~') == true)
            throw new InputException($"the token of {TokenVariable} or {TokenFileVariable} holds a character that cannot be sent: give " +
                "the token that the scheduler was given, on one line");
        var client = new HttpClient(handler) { BaseAddress = Address(text), Timeout = AnswerTimeout };
        if (token is not null) client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    public async Task<IReadOnlyList<SelectedExperiment>> SelectAsync(string text, CancellationToken stop) =>
        await GetAsync<IReadOnlyList<SelectedExperiment>>($"api/selection?what={Uri.EscapeDataString(text)}", stop) ?? [];

    public async Task<IReadOnlyList<ExperimentSummary>> ListAsync(int most, CancellationToken stop) =>
        await GetAsync<IReadOnlyList<ExperimentSummary>>(Text($"api/experiments?most={most}"), stop) ?? [];

    public async Task<IReadOnlyList<WorkerSnapshot>> WorkersAsync(CancellationToken stop) =>
        await GetAsync<IReadOnlyList<WorkerSnapshot>>("api/workers", stop) ?? [];

    public async Task<IReadOnlyList<SchedulerEntry>> SchedulersAsync(CancellationToken stop) =>
        await GetAsync<IReadOnlyList<SchedulerEntry>>("api/schedulers", stop) ?? [];

    public Task<ExperimentSnapshot?> SnapshotAsync(long experiment, CancellationToken stop) =>
        GetAsync<ExperimentSnapshot>(Text($"api/experiments/{experiment}"), stop);

    public async Task<IReadOnlyList<PublishedFile>> FilesAsync(long experiment, CancellationToken stop) =>
        await GetAsync<IReadOnlyList<PublishedFile>>(Text($"api/experiments/{experiment}/files"), stop) ?? [];

    public async Task<JobFacts?> FactsAsync(long job, CancellationToken stop) =>
        (await GetAsync<Explained>(Text($"api/jobs/{job}/explanation"), stop))?.Facts;

    public Task<LogPage?> LogAsync(long jobId, int? only, IReadOnlyDictionary<long, long> positions, int? tail, CancellationToken cancel) =>
        GetAsync<LogPage>(Text($"api/jobs/{jobId}/log?after={string.Join(',', positions.Select(one => Text($"{one.Key}:{one.Value}")))}") +
            (only is { } number ? Text($"&attempt={number}") : "") + (tail is { } lines ? Text($"&tail={lines}") : ""), cancel);

    public Task<ActionReport> DoAsync(ActionRequest request, CancellationToken stop) =>
        PostAsync<ActionRequest, ActionReport>("api/actions", request, stop);

    public async Task<Submitted> SubmitAsync(ExperimentPlan plan, PlanNeeds needs, int priority, bool verify, CancellationToken stop)
    {
        using var span = Traces.Start($"send {plan.Name}", ActivityKind.Producer);
        return await PostAsync<PlanDocument, Submitted>("api/experiments",
            new PlanDocument(plan, priority, verify, AccountName.Ours, ProgramVersion.Build, (double)needs.DiskBytes), stop);
    }

    public Task<Submitted> ExtendAsync(ExperimentPlan plan, PlanNeeds needs, CancellationToken stop) =>
        PostAsync<PlanDocument, Submitted>("api/experiments/extension",
            new PlanDocument(plan, Build: ProgramVersion.Build, DiskBytes: (double)needs.DiskBytes), stop);

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string? Token()
    {
        if (Environment.GetEnvironmentVariable(TokenFileVariable) is not { Length: > 0 } file)
            return Environment.GetEnvironmentVariable(TokenVariable) is { Length: > 0 } token ? token : null;
        return SecretFile.Read(file, $"{TokenFileVariable}'s file");
    }

    private async Task<T?> GetAsync<T>(string path, CancellationToken stop) where T : class
    {
        using var answer = await SendAsync(() => _client.GetAsync(new Uri(path, UriKind.Relative), stop), stop);
        return answer.StatusCode == HttpStatusCode.NotFound ? null : await ReadAsync<T>(answer, stop);
    }

    private async Task<TAnswer> PostAsync<TRequest, TAnswer>(string path, TRequest request, CancellationToken stop)
    {
        using var answer = await SendAsync(() => _client.PostAsJsonAsync(new Uri(path, UriKind.Relative), request, ApiJson.Options, stop),
            stop);
        return await ReadAsync<TAnswer>(answer, stop);
    }

    private async Task<HttpResponseMessage> SendAsync(Func<Task<HttpResponseMessage>> send, CancellationToken stop)
    {
        try
        {
            var answer = await send();
            _answered = true;
            return answer;
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !stop.IsCancellationRequested))
        {
            var said = $"the scheduler at {_client.BaseAddress} does not answer{ByWayOf(_client.BaseAddress!)}: {e.Message}";
            // What was never there is a wrong name, and nothing was started; what was there went away.
            var reached = _answered
                || e is not HttpRequestException
                {
                    HttpRequestError: HttpRequestError.ConnectionError
                    or HttpRequestError.NameResolutionError or HttpRequestError.ProxyTunnelError
                };
            throw reached ? new StudyOutOfReachException(said, e) : new InputException($"{said}; nothing was started", e);
        }
    }

    /// <summary>Programs on the way have names too.</summary>
    private static string ByWayOf(Uri address) =>
        DirectLoopback.Set is [var variable, ..] && HttpClient.DefaultProxy.GetProxy(address) is { } proxy && proxy != address
        ? $" by way of the proxy {proxy.Host}:{proxy.Port} (of {variable}; no_proxy={address.Host} goes directly)" : "";

    private async Task<T> ReadAsync<T>(HttpResponseMessage answer, CancellationToken stop)
    {
        try
        {
            if (answer.IsSuccessStatusCode)
                return await answer.Content.ReadFromJsonAsync<T>(ApiJson.Options, stop) ?? throw new JsonException("null");
            var detail = answer.Content.Headers.ContentType?.MediaType == "application/problem+json"
                ? (await answer.Content.ReadFromJsonAsync<Problem>(ApiJson.Options, stop))?.Detail : null;
            throw answer.StatusCode switch
            {
                HttpStatusCode.BadRequest when detail is not null => new InputException(detail),
                HttpStatusCode.Unauthorized =>
                    new InputException(
                        $"the scheduler at {_client.BaseAddress} knows no such token: set {TokenVariable} or {TokenFileVariable}" +
                    (_client.DefaultRequestHeaders.Authorization is null
                        ? "; it does not prove to be a scheduler of a store of yours, so no token was sent" : "")),
                HttpStatusCode.Forbidden => new InputException($"the scheduler at {_client.BaseAddress} refuses: {detail}"),
                HttpStatusCode.TooManyRequests => new InputException($"the scheduler at {_client.BaseAddress} refuses: {detail}"),
                _ => new StudyOutOfReachException(
                    $"the scheduler at {_client.BaseAddress} answers " +
                        $"{(int)answer.StatusCode}{(detail is null ? "" : $": {detail}")}", null),
            };
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or HttpRequestException or IOException)
        {
            throw new StudyOutOfReachException(
                $"what {_client.BaseAddress} answers is not that of a scheduler of this version: {e.Message}", e);
        }
    }

    private sealed record Explained(JobFacts Facts);

    private sealed record Problem(string? Detail);
}

/// <summary>The API does not answer, or not as it should.</summary>
internal sealed class StudyOutOfReachException(string message, Exception? cause) : Exception(message, cause);
