using System.Diagnostics;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Tracing;
using OpenTelemetry;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Amnre.Cli;

/// <summary>Where OpenTelemetry is put together. Spans are sent only where one of OpenTelemetry's own variables names a receiver; all its
/// other variables (<c>OTEL_EXPORTER_OTLP_PROTOCOL</c>, <c>OTEL_SERVICE_NAME</c>, …) hold too.</summary>
internal static class TraceExport
{
    private static readonly string[] Receivers = ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"];

    /// <param name="verb">What this process does.</param>
    /// <returns>Sends what is left when it is disposed.</returns>
    public static IDisposable Start(string verb)
    {
        var wanted = Environment.GetEnvironmentVariable("OTEL_SDK_DISABLED") != "true"
            && Receivers.Any(name => Environment.GetEnvironmentVariable(name) is { Length: > 0 });
        return wanted ? Send(verb) : Listen();
    }

    /// <summary>Apart, so that a process that sends nothing loads nothing of it.</summary>
    private static TracerProvider Send(string verb) =>
        Sdk.CreateTracerProviderBuilder()
            .ConfigureResource(resource => resource
                .AddService("amnre", serviceVersion: ProgramVersion.Build,
                    serviceInstanceId: $"{Environment.MachineName}-{Environment.ProcessId}")
                .AddAttributes([new("amnre.verb", verb), new("host.name", Environment.MachineName)])
                .AddEnvironmentVariableDetector())
            .AddSource(Traces.SourceName, "Npgsql", "System.Net.Http")
            .SetSampler(new WithinJobs())
            .AddOtlpExporter()
            .Build();

    /// <summary>Spans that go nowhere, so that lines of logs name the trace of the job that they are about all the same.</summary>
    private static ActivityListener Listen()
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Traces.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    /// <summary>Queries of the database are told of where they belong to a span of ours: those that poll, many a second, would drown all
    /// else.</summary>
    private sealed class WithinJobs : Sampler
    {
        public override SamplingResult ShouldSample(in SamplingParameters parameters) =>
            new(parameters.ParentContext.TraceId != default
                ? parameters.ParentContext.TraceFlags.HasFlag(ActivityTraceFlags.Recorded)
                : parameters.Kind != ActivityKind.Client);
    }
}
