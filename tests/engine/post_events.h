// Events sent as a customer's server sends them.
#pragma once

#include <QEventLoop>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QUrl>

#include <memory>
#include <string>

namespace engine::testing {

// Posts JSON with the write key "key"; the status of the answer, 0 when there is none.
inline int postEvents(const std::string& url, const QByteArray& json)
{
    QNetworkAccessManager network;
    QNetworkRequest request { QUrl(QString::fromStdString(url)) };
    request.setRawHeader("Authorization", "Bearer key");
    request.setHeader(QNetworkRequest::ContentTypeHeader, QByteArray("application/json"));
    const std::unique_ptr<QNetworkReply> reply(network.post(request, json));
    QEventLoop loop;
    QObject::connect(reply.get(), &QNetworkReply::finished, &loop, &QEventLoop::quit);
    loop.exec();
    return reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
}

} // namespace engine::testing
