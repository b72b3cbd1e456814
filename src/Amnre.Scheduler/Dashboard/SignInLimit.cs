using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;

namespace Amnre.Scheduler.Dashboard;

/// <summary>Slows down an address that presents what is no token. Right tokens are not asked about here: no address locks others
/// out.</summary>
internal sealed class SignInLimit(SchedulerOptions options) : IDisposable
{
    private const int PerMinute = 10;
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(1);

    private readonly PartitionedRateLimiter<HttpContext> _limiter = PartitionedRateLimiter.Create<HttpContext, string>(context =>
        RateLimitPartition.GetFixedWindowLimiter(context.Connection.RemoteIpAddress?.ToString() ?? "",
            _ => new FixedWindowRateLimiterOptions
            {
                PermitLimit = PerMinute,
                Window = TimeSpan.FromMinutes(1),
                QueueLimit = 0,
            }));

    /// <summary>Records it, and waits where there were many.</summary>
    /// <returns>Whether there were many.</returns>
    public async Task<bool> FailedAsync(HttpContext context)
    {
        using var lease = _limiter.AttemptAcquire(context);
        if (lease.IsAcquired) return false;
        await Task.Delay(Wait, options.Clock, context.RequestAborted);
        return true;
    }

    public void Dispose() => _limiter.Dispose();
}
